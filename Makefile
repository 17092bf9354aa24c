# The front door: everything here is two or three lines of cmake, ctest and tools/.
# SETUP=: skips installing Debian packages; JOBS=N limits the cores used for building and testing.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c

SETUP ?= tools/setup
JOBS ?= $(shell nproc)
program := build/release/bin/inkling

ifeq ($(origin INKLING_DATA),undefined)
ifneq ($(wildcard ../shared/data/.),)
export INKLING_DATA := $(abspath ../shared/data)
endif
endif

.PHONY: build all demo test check-all bench fuzz lint format clean help install deb wheel api-docs
.NOTPARALLEL:

build: ## the program, build/release/bin/inkling (default)
	@$(SETUP) run
	@$(configure)
	@cmake --build build/release --parallel $(JOBS) --target inkling

all: ## the program and its tests
	@$(SETUP) test
	@$(configure)
	@cmake --build build/release --parallel $(JOBS)

demo: build ## train, evaluate, compare and package networks on MNIST, into runs/demo
	$(program) pipeline --out runs/demo

test: all ## every test
	@ctest --preset release --parallel $(JOBS) --no-tests=error

PREFIX ?= /usr/local
install: build ## program, library, headers, CMake package and pkg-config file into PREFIX (/usr/local)
	@cmake --build build/release --parallel $(JOBS) --target inkling_shared inkling_static packaging_files
	cmake --install build/release --prefix $(PREFIX)

deb: build ## a Debian package, build/dist/inkling_*.deb
	@$(SETUP) package
	@cmake --build build/release --parallel $(JOBS) --target inkling_shared inkling_static packaging_files
	@cd build/release && cpack -G DEB -B ../dist >/dev/null
	@rm -rf build/dist/_CPack_Packages && ls build/dist/*.deb

wheel: build ## a self-contained Python wheel, build/dist/inkling-*.whl
	@$(SETUP) package
	@cmake --build build/release --parallel $(JOBS) --target inkling_shared
	@packaging/wheel build/release build/dist

api-docs: ## the C and C++ interface as pages, build/api (Doxygen)
	@$(SETUP) package
	@packaging/api_docs build/api

check-all: ## the long checks: lint, every test under ASan and all of UBSan, and under TSan, fuzzing for FUZZ_SECONDS (300)
	@$(MAKE) lint
	@for preset in asan tsan; do \
	  cmake --preset $$preset --log-level=NOTICE -DINKLING_WERROR=ON -DINKLING_NO_SANITIZE= >/dev/null; \
	  cmake --build --preset $$preset --parallel $(JOBS); \
	  ctest --preset $$preset --parallel $(JOBS) --no-tests=error; \
	done
	@$(MAKE) fuzz

bench: ## the engine's figures, then beside PyTorch, oneDNN and ONNX Runtime
	@$(SETUP) bench
	@$(configure)
	@cmake --build build/release --parallel $(JOBS) --target inkling benchmarks
	$(program) bench
	build/release/bin/kernels_bench
	bench/run
	bench/time_to_99

study-%: build ## a slow study behind docs/results.md: study-classics, study-best ... (tools/study)
	@tools/study $*

fuzz: ## fuzz every parser of foreign bytes (clang, libFuzzer), FUZZ_SECONDS=300 each
	@$(SETUP) fuzz
	@cmake --preset fuzz --log-level=NOTICE >/dev/null
	@cmake --build --preset fuzz --parallel $(JOBS) --target fuzzers
	@fuzz/run build/fuzz

lint: ## names and likely bugs (clang-tidy), floors, formatting
	@$(SETUP) lint
	@$(configure)
	@tools/check_floors
	@tools/check_format
	@# clang cannot read gcc's precompiled headers.
	@cmake --preset release -B build/lint -DINKLING_PRECOMPILE=OFF -DINKLING_UNITY=OFF --log-level=NOTICE >/dev/null
	@find src -name '*.cpp' -print0 | xargs -0 -n 1 -P $(JOBS) clang-tidy --quiet -p build/lint 2>&1 \
	  | sed '/warnings\? generated\.$$/d'

format: ## rewrite the sources as tools/check_format wants them
	@tools/check_format --fix

clean: ## remove build/, keep runs/
	rm -rf build

help:
	@awk -F ':.*## ' '/^[a-z%-]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' Makefile

# Ninja where it is found (looked up after $(SETUP) had its chance to install it), else make.
configure = set --; command -v ninja >/dev/null || set -- -G 'Unix Makefiles'; \
  cmake --preset release --log-level=NOTICE "$$@" >/dev/null

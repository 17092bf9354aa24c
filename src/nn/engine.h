// What a network computes with: the CPU variant of the kernels and a team of threads.
#pragma once

#include <string>

#include "base/threads.h"
#include "kernels/variant.h"

namespace inkling {

struct EngineOptions {
  std::string isa = "auto";        // limit by name: "avx512", "avx2", "generic"
  std::string precision = "auto";  // "auto", "f32"; "bf16" where a variant has it in hardware
  int threads = 0;                 // 0: the cores available to the process
};

class Engine {
 public:
  // Throws Error (usage) for an unknown or unavailable isa or precision.
  explicit Engine(const EngineOptions& options);

  const kernels::Variant& kernels() const { return *variant_; }
  ThreadPool& pool() { return pool_; }
  std::string_view precision() const { return "f32"; }

 private:
  const kernels::Variant* variant_;
  ThreadPool pool_;
};

}  // namespace inkling

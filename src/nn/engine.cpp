#include "nn/engine.h"

#include <fmt/core.h>

#include "base/error.h"

namespace inkling {
namespace {

const kernels::Bf16Kernels* choose_bf16(const kernels::Variant& variant,
                                        const std::string& precision) {
  const bool wanted = precision == "bf16" || (precision == "auto" && variant.bf16_is_faster);
  return wanted ? variant.bf16 : nullptr;
}

const kernels::Variant* choose(const std::string& isa) {
  if (const kernels::Variant* variant = kernels::choose_variant(isa)) return variant;
  std::string known = "auto";
  for (const kernels::Variant& variant : kernels::variants()) {
    if (variant.name == isa) {
      throw usage_error("--isa {}: this CPU or operating system lacks it (needs {})", isa,
                        variant.needs);
    }
    known += fmt::format(", {}", variant.name);
  }
  throw usage_error("--isa: expected one of {}; found \"{}\"", known, isa);
}

}  // namespace

std::string_view best_variant_name() { return kernels::choose_variant("auto")->name; }

Engine::Engine(const EngineOptions& options)
    : variant_(choose(options.isa)),
      bf16_(choose_bf16(*variant_, options.precision)),
      pool_(options.threads > 0 ? options.threads : available_cores()) {
  if (options.precision == "bf16" && !bf16_) {
    throw usage_error("--precision bf16: the variant {} has no bf16 in hardware", variant_->name);
  }
  if (options.precision != "auto" && options.precision != "f32" && options.precision != "bf16") {
    throw usage_error("--precision: expected auto, f32 or bf16; found \"{}\"", options.precision);
  }
}

Engine::Engine(const kernels::Variant& variant, int threads)
    : variant_(&variant), bf16_(variant.bf16), pool_(threads) {}

}  // namespace inkling

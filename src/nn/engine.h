// What a network computes with: the CPU variant of the kernels and a team of threads. Whoever uses
// its pool, a training step or a classifier on the engine's threads, does so alone
// (base/threads.h); what is const may be asked from any thread.
#pragma once

#include <string>

#include "base/threads.h"
#include "kernels/variant.h"

namespace inkling {

struct EngineOptions {
  std::string isa = "auto";  // limit by name: variant.h has the list
  std::string precision =
      "auto";       // "auto": bf16 where the CPU is faster in it, else f32; "f32"; "bf16"
  int threads = 0;  // 0: the cores available to the process
};

// The best of the kernels' variants that this CPU has, which `auto` means. Ends in a zero byte.
std::string_view best_variant_name();

class Engine {
 public:
  // Throws Error (usage) for an unknown or unavailable isa or precision.
  explicit Engine(const EngineOptions& options);
  // With kernels of one's own choice (tests); the variant must outlive the engine.
  Engine(const kernels::Variant& variant, int threads);

  const kernels::Variant& kernels() const { return *variant_; }
  ThreadPool& pool() { return pool_; }
  // The products on bf16 operands that training and inference use; null: f32 throughout.
  const kernels::Bf16Kernels* bf16() const { return bf16_; }
  std::string_view precision() const { return bf16_ ? "bf16" : "f32"; }

 private:
  const kernels::Variant* variant_;
  const kernels::Bf16Kernels* bf16_;
  ThreadPool pool_;
};

}  // namespace inkling

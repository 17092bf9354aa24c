#include "kernels/variant.h"

#include <array>

#include "hwy/highway.h"
#include "hwy/targets.h"

// The per-target tables, defined by the kernel files in the namespaces Highway gives each target.
#define INKLING_DECLARE_TABLES(target)             \
  namespace inkling::kernels::target {             \
  const BrgemmKernels* brgemm_kernels();           \
  const ElementwiseKernels* elementwise_kernels(); \
  const NormaliseKernels* normalise_kernels();     \
  const PoolKernels* pool_kernels();               \
  const OptimiseKernels* optimise_kernels();       \
  }

#if HWY_TARGETS & HWY_AVX3
INKLING_DECLARE_TABLES(N_AVX3)
#endif
#if HWY_TARGETS & HWY_AVX2
INKLING_DECLARE_TABLES(N_AVX2)
#endif
INKLING_DECLARE_TABLES(HWY_NAMESPACE)

namespace inkling::kernels {
namespace {

// Calls into a target's code, its table makers included, only where the CPU can run it.
#define INKLING_VARIANT(name, needs, supported, target)             \
  (supported) ? Variant{name,                                       \
                        needs,                                      \
                        true,                                       \
                        target::brgemm_kernels(),                   \
                        target::elementwise_kernels(),              \
                        target::normalise_kernels(),                \
                        target::pool_kernels(),                     \
                        target::optimise_kernels()}                 \
              : Variant {                                           \
    name, needs, false, nullptr, nullptr, nullptr, nullptr, nullptr \
  }

}  // namespace

std::span<const Variant> variants() noexcept {
  // hwy::SupportedTargets asks CPUID and, through XGETBV, the operating system.
  static const std::array kVariants = {
#if HWY_TARGETS & HWY_AVX3
    INKLING_VARIANT("avx512", "AVX-512 F, BW, CD, DQ, VL", hwy::SupportedTargets() & HWY_AVX3,
                    N_AVX3),
#endif
#if HWY_TARGETS & HWY_AVX2
    INKLING_VARIANT("avx2", "AVX2 and FMA", hwy::SupportedTargets() & HWY_AVX2, N_AVX2),
#endif
    INKLING_VARIANT("generic", "nothing special", true, HWY_NAMESPACE),
  };
  return kVariants;
}

const Variant* choose_variant(std::string_view limit) noexcept {
  const bool unlimited = limit.empty() || limit == "auto";
  bool below_limit = unlimited;
  for (const Variant& variant : variants()) {
    if (variant.name == limit) {
      if (!variant.supported) return nullptr;
      below_limit = true;
    }
    if (below_limit && variant.supported) return &variant;
  }
  return nullptr;
}

}  // namespace inkling::kernels

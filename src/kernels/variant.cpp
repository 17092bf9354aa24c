#include "kernels/variant.h"

#include <array>

#include "hwy/highway.h"
#include "hwy/targets.h"
#include "kernels/brgemm_bf16.h"

// What brgemm_bf16.cpp and brgemm_amx.cpp are compiled for.
#define INKLING_HAS_BF16 (HWY_ARCH_X86_64 && (HWY_TARGETS & HWY_AVX3))

// The tables a variant has, in the order of its members.
#define INKLING_TABLES(X)                    \
  X(BrgemmKernels, brgemm_kernels)           \
  X(ElementwiseKernels, elementwise_kernels) \
  X(NormaliseKernels, normalise_kernels)     \
  X(PoolKernels, pool_kernels)               \
  X(OptimiseKernels, optimise_kernels)       \
  X(ActivateKernels, activate_kernels)       \
  X(WarpKernels, warp_kernels)               \
  X(WinogradKernels, winograd_kernels)

// Defined by the kernel files in the namespaces Highway gives each target.
#define INKLING_DECLARE_TABLE(type, make) const type* make();
#define INKLING_DECLARE_TABLES(target)  \
  namespace inkling::kernels::target {  \
  INKLING_TABLES(INKLING_DECLARE_TABLE) \
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
template <typename... Tables>
Variant make_variant(std::string_view name, const char* needs, bool supported,
                     const Tables* (*... tables)()) {
  return Variant{name, needs, supported, (supported ? tables() : nullptr)...};
}

// A target's table makers, each behind a comma.
#define INKLING_TABLE_OF_AVX3(type, make) , N_AVX3::make
#define INKLING_TABLE_OF_AVX2(type, make) , N_AVX2::make
#define INKLING_TABLE_OF_STATIC(type, make) , HWY_NAMESPACE::make

#if INKLING_HAS_BF16
// AVX-512 with bf16 products beside the f32 ones.
Variant make_bf16_variant(std::string_view name, const char* needs, bool supported,
                          const Bf16Kernels* (*bf16)()) {
  Variant variant = make_variant(name, needs, supported INKLING_TABLES(INKLING_TABLE_OF_AVX3));
  if (supported) variant.bf16 = bf16();
  // Measured (docs/journal.md): on Zen 4 VDPBF16PS is faster than FMA, on an Intel CPU slower.
  variant.bf16_is_faster = supported && (name == "amx_bf16" || __builtin_cpu_is("intel") == 0);
  return variant;
}

bool has_avx512_bf16() {
  __builtin_cpu_init();
  return (hwy::SupportedTargets() & HWY_AVX3) != 0 && __builtin_cpu_supports("avx512bf16") != 0;
}
#endif

}  // namespace

std::span<const Variant> variants() noexcept {
  // hwy::SupportedTargets asks CPUID and, through XGETBV, the operating system.
  static const std::array kVariants = {
#if INKLING_HAS_BF16
    make_bf16_variant("amx_bf16", "AMX-BF16 beside AVX-512 F, BW, CD, DQ, VL, BF16",
                      has_avx512_bf16() && amx_bf16::supported(), amx_bf16::bf16_kernels),
    make_bf16_variant("avx512_bf16", "AVX-512 F, BW, CD, DQ, VL, BF16", has_avx512_bf16(),
                      avx512_bf16::bf16_kernels),
#endif
#if HWY_TARGETS & HWY_AVX3
    make_variant("avx512", "AVX-512 F, BW, CD, DQ, VL",
                 (hwy::SupportedTargets() & HWY_AVX3) != 0 INKLING_TABLES(INKLING_TABLE_OF_AVX3)),
#endif
#if HWY_TARGETS & HWY_AVX2
    make_variant("avx2", "AVX2 and FMA",
                 (hwy::SupportedTargets() & HWY_AVX2) != 0 INKLING_TABLES(INKLING_TABLE_OF_AVX2)),
#endif
    make_variant("generic", "nothing special", true INKLING_TABLES(INKLING_TABLE_OF_STATIC)),
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

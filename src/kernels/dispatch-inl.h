// Included at the top of every kernel file, inside Highway's foreach_target pass: what the variants
// of one kernel table share. Everything here lives in the per-target namespace, so that no inline
// function compiled for AVX-512 is ever merged into code an older CPU runs.
//
// clang-format off
#if defined(INKLING_DISPATCH_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef INKLING_DISPATCH_INL_H_
#undef INKLING_DISPATCH_INL_H_
#else
#define INKLING_DISPATCH_INL_H_
#endif
// clang-format on

#include <cstddef>

#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace inkling::kernels::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;

// Floats of a vector.
HWY_INLINE ptrdiff_t lanes() { return static_cast<ptrdiff_t>(hn::Lanes(D())); }

// The first `count` lanes.
HWY_INLINE hn::Mask<D> first_lanes(ptrdiff_t count) {
  return hn::FirstN(D(), static_cast<size_t>(count));
}

// Calls full(i) for every whole vector of [0, n), then tail(i, count) once for what is left.
template <typename Full, typename Tail>
HWY_INLINE void for_vectors(ptrdiff_t n, Full full, Tail tail) {
  ptrdiff_t i = 0;
  for (; i + lanes() <= n; i += lanes()) full(i);
  if (i < n) tail(i, n - i);
}

// The first `count` lanes of p, zero in the rest; touches no byte beyond.
HWY_INLINE V load_first(const float* p, ptrdiff_t count) {
  const D d;
  return hn::MaskedLoad(first_lanes(count), d, p);
}

HWY_INLINE void store_first(V v, ptrdiff_t count, float* p) {
  const D d;
  hn::BlendedStore(v, first_lanes(count), d, p);
}

// The 32-bit finaliser "lowbias32" (Wellons 2018), see reference.h.
HWY_INLINE hn::Vec<hn::RebindToUnsigned<D>> hash_bits(hn::Vec<hn::RebindToUnsigned<D>> h) {
  const hn::RebindToUnsigned<D> du;
  h = hn::Mul(hn::Xor(h, hn::ShiftRight<16>(h)), hn::Set(du, 0x7feb352du));
  h = hn::Mul(hn::Xor(h, hn::ShiftRight<15>(h)), hn::Set(du, 0x846ca68bu));
  return hn::Xor(h, hn::ShiftRight<16>(h));
}

// Runs body(first channel, load, store) once for each vector of channels; channels are the outer
// loop, so that sums and coefficients stay in registers while the pixels stream by.
template <typename Body>
HWY_INLINE void for_channels(ptrdiff_t channels, Body body) {
  const D d;
  for_vectors(
      channels,
      [&](ptrdiff_t c) HWY_ATTR {
        body(
            c, [&](const float* p) HWY_ATTR { return hn::LoadU(d, p + c); },
            [&](V v, float* p) HWY_ATTR { hn::StoreU(v, d, p + c); });
      },
      [&](ptrdiff_t c, ptrdiff_t count) HWY_ATTR {
        body(
            c, [&](const float* p) HWY_ATTR { return load_first(p + c, count); },
            [&](V v, float* p) HWY_ATTR { store_first(v, count, p + c); });
      });
}

}  // namespace inkling::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif

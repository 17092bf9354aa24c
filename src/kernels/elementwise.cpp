// Rows of floats for every Highway target. Specification: reference.h.
#include "kernels/elementwise.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/elementwise.cpp"
#include "hwy/foreach_target.h"
// After foreach_target.
#include "kernels/dispatch-inl.h"

HWY_BEFORE_NAMESPACE();
namespace inkling::kernels::HWY_NAMESPACE {
namespace {

// y[i] = f(a[i], b[i]).
template <typename F>
HWY_INLINE void map(const float* a, const float* b, ptrdiff_t n, float* y, F f) {
  const D d;
  for_vectors(
      n,
      [&](ptrdiff_t i)
          HWY_ATTR { hn::StoreU(f(hn::LoadU(d, a + i), hn::LoadU(d, b + i)), d, y + i); },
      [&](ptrdiff_t i, ptrdiff_t count) HWY_ATTR {
        store_first(f(load_first(a + i, count), load_first(b + i, count)), count, y + i);
      });
}

void relu(const float* x, ptrdiff_t n, float* y) noexcept {
  const V zero = hn::Zero(D());
  map(x, x, n, y, [&](V v, V) HWY_ATTR { return hn::Max(v, zero); });
}

void accumulate(const float* x, ptrdiff_t n, float* y) noexcept {
  map(x, y, n, y, [](V a, V b) HWY_ATTR { return hn::Add(a, b); });
}

void relu_backward(const float* y, const float* dy, ptrdiff_t n, bool accumulate_dx,
                   float* dx) noexcept {
  const D d;
  const V zero = hn::Zero(d);
  const auto masked = [&](V out, V gradient)
                          HWY_ATTR { return hn::IfThenElseZero(hn::Gt(out, zero), gradient); };
  if (!accumulate_dx) return map(y, dy, n, dx, masked);
  for_vectors(
      n,
      [&](ptrdiff_t i) HWY_ATTR {
        const V v = masked(hn::LoadU(d, y + i), hn::LoadU(d, dy + i));
        hn::StoreU(hn::Add(v, hn::LoadU(d, dx + i)), d, dx + i);
      },
      [&](ptrdiff_t i, ptrdiff_t count) HWY_ATTR {
        const V v = masked(load_first(y + i, count), load_first(dy + i, count));
        store_first(hn::Add(v, load_first(dx + i, count)), count, dx + i);
      });
}

void add(const float* a, const float* b, ptrdiff_t n, bool relu_after, float* y) noexcept {
  const V zero = hn::Zero(D());
  if (relu_after) {
    map(a, b, n, y, [&](V p, V q) HWY_ATTR { return hn::Max(hn::Add(p, q), zero); });
  } else {
    map(a, b, n, y, [](V p, V q) HWY_ATTR { return hn::Add(p, q); });
  }
}

void dropout(const float* x, ptrdiff_t n, uint32_t key, uint32_t first, uint32_t threshold,
             float scale, float* y) noexcept {
  const D d;
  const hn::RebindToUnsigned<D> du;
  const auto one = hn::Set(d, scale);
  const auto limit = hn::Set(du, threshold ^ 0x80000000u);
  const auto keep_scaled = [&](V v, ptrdiff_t i) HWY_ATTR {
    const auto h = hash_bits(hn::Iota(du, key + first + static_cast<uint32_t>(i)));
    // Unsigned comparison as signed, both with the top bit flipped.
    const hn::RebindToSigned<D> di;
    const auto flipped = hn::Xor(h, hn::Set(du, 0x80000000u));
    const auto dropped = hn::Lt(hn::BitCast(di, flipped), hn::BitCast(di, limit));
    return hn::IfThenZeroElse(hn::RebindMask(d, dropped), hn::Mul(v, one));
  };
  for_vectors(
      n, [&](ptrdiff_t i) HWY_ATTR { hn::StoreU(keep_scaled(hn::LoadU(d, x + i), i), d, y + i); },
      [&](ptrdiff_t i, ptrdiff_t count)
          HWY_ATTR { store_first(keep_scaled(load_first(x + i, count), i), count, y + i); });
}

}  // namespace

const ElementwiseKernels* elementwise_kernels() {
  static const ElementwiseKernels kTable = {relu, relu_backward, add, accumulate, dropout};
  return &kTable;
}

}  // namespace inkling::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

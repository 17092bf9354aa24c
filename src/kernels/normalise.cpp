// Per-channel arithmetic for every Highway target. Specification: reference.h.
#include "kernels/normalise.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/normalise.cpp"
#include "hwy/foreach_target.h"
// After foreach_target.
#include "kernels/dispatch-inl.h"

HWY_BEFORE_NAMESPACE();
namespace inkling::kernels::HWY_NAMESPACE {
namespace {

void sums(const float* x, ptrdiff_t pixels, ptrdiff_t stride, ptrdiff_t channels,
          float* sum) noexcept {
  for_channels(channels, [&](ptrdiff_t, auto load, auto store) HWY_ATTR {
    V total = load(sum);
    const float* p = x;
    for (ptrdiff_t i = 0; i < pixels; ++i, p += stride) total = hn::Add(total, load(p));
    store(total, sum);
  });
}

void sums_and_products(const float* x, ptrdiff_t x_stride, const float* y, ptrdiff_t y_stride,
                       ptrdiff_t pixels, ptrdiff_t channels, float* sum, float* products) noexcept {
  for_channels(channels, [&](ptrdiff_t, auto load, auto store) HWY_ATTR {
    V total = load(sum), product = load(products);
    const float* p = x;
    const float* q = y;
    for (ptrdiff_t i = 0; i < pixels; ++i, p += x_stride, q += y_stride) {
      const V v = load(p);
      total = hn::Add(total, v);
      product = hn::MulAdd(v, load(q), product);
    }
    store(total, sum);
    store(product, products);
  });
}

void scale_shift(const float* x, ptrdiff_t x_stride, ptrdiff_t pixels, ptrdiff_t channels,
                 const float* scale, const float* shift, bool relu, float* y,
                 ptrdiff_t y_stride) noexcept {
  const V floor = hn::Set(D(), relu ? 0.0f : hwy::LowestValue<float>());
  for_channels(channels, [&](ptrdiff_t, auto load, auto store) HWY_ATTR {
    const V a = load(scale), b = load(shift);
    const float* p = x;
    float* q = y;
    for (ptrdiff_t i = 0; i < pixels; ++i, p += x_stride, q += y_stride) {
      store(hn::Max(hn::MulAdd(a, load(p), b), floor), q);
    }
  });
}

void combine(const float* dy, ptrdiff_t dy_stride, const float* x, ptrdiff_t x_stride,
             ptrdiff_t pixels, ptrdiff_t channels, const float* a, const float* b, const float* c,
             bool accumulate, float* dx, ptrdiff_t dx_stride) noexcept {
  for_channels(channels, [&](ptrdiff_t, auto load, auto store) HWY_ATTR {
    const V va = load(a), vb = load(b), vc = load(c);
    const float* g = dy;
    const float* p = x;
    float* q = dx;
    for (ptrdiff_t i = 0; i < pixels; ++i, g += dy_stride, p += x_stride, q += dx_stride) {
      V v = hn::MulAdd(va, load(g), hn::MulAdd(vb, load(p), vc));
      if (accumulate) v = hn::Add(v, load(q));
      store(v, q);
    }
  });
}

}  // namespace

const NormaliseKernels* normalise_kernels() {
  static const NormaliseKernels kTable = {sums, sums_and_products, scale_shift, combine};
  return &kTable;
}

}  // namespace inkling::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

// Normalise, rectify, pool for every Highway target. Specification: reference.h.
#include "kernels/activate.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/activate.cpp"
#include "hwy/foreach_target.h"
// After foreach_target.
#include "kernels/dispatch-inl.h"

HWY_BEFORE_NAMESPACE();
namespace inkling::kernels::HWY_NAMESPACE {
namespace {

constexpr float kPlaces[] = {0, 1, 2, 3};

// The four values of one window and which of them the gradient goes to.
struct Window {
  V x[4];
  V best;     // the largest scale x + shift
  V best_x;   // the x it came from
  V best_at;  // 0, 1, 2, 3 as floats: which
};

template <typename Load>
HWY_INLINE Window look(const float* x, ptrdiff_t x_row, ptrdiff_t pixel, V scale, V shift,
                       Load load) {
  const D d;
  Window w;
  w.x[0] = load(x);
  w.x[1] = load(x + pixel);
  w.x[2] = load(x + x_row);
  w.x[3] = load(x + x_row + pixel);
  w.best = hn::MulAdd(scale, w.x[0], shift);
  w.best_x = w.x[0];
  w.best_at = hn::Zero(d);
#pragma GCC unroll 3
  for (int i = 1; i < 4; ++i) {
    const V v = hn::MulAdd(scale, w.x[i], shift);
    const auto larger = hn::Gt(v, w.best);
    w.best = hn::IfThenElse(larger, v, w.best);
    w.best_x = hn::IfThenElse(larger, w.x[i], w.best_x);
    w.best_at = hn::IfThenElse(larger, hn::Set(d, kPlaces[i]), w.best_at);
  }
  return w;
}

void forward_pool(const float* x, ptrdiff_t x_row, ptrdiff_t out_width, ptrdiff_t channels,
                  const ActivateScale& scale, float* y) noexcept {
  const V zero = hn::Zero(D());
  for_channels(channels, [&](ptrdiff_t, auto load, auto store) HWY_ATTR {
    const V a = load(scale.scale), b = load(scale.shift);
    const float* p = x;
    float* q = y;
    for (ptrdiff_t i = 0; i < out_width; ++i, p += 2 * channels, q += channels) {
      const V top = hn::Max(hn::MulAdd(a, load(p), b), hn::MulAdd(a, load(p + channels), b));
      const V bottom =
          hn::Max(hn::MulAdd(a, load(p + x_row), b), hn::MulAdd(a, load(p + x_row + channels), b));
      store(hn::Max(hn::Max(top, bottom), zero), q);
    }
  });
}

void sums(const float* x, const float* dy, ptrdiff_t pixels, ptrdiff_t channels,
          const ActivateScale& scale, float* sum, float* products) noexcept {
  const V zero = hn::Zero(D());
  for_channels(channels, [&](ptrdiff_t, auto load, auto store) HWY_ATTR {
    const V a = load(scale.scale), b = load(scale.shift);
    V total = load(sum), product = load(products);
    for (ptrdiff_t i = 0; i < pixels * channels; i += channels) {
      const V v = load(x + i);
      const V g = hn::IfThenElseZero(hn::Gt(hn::MulAdd(a, v, b), zero), load(dy + i));
      total = hn::Add(total, g);
      product = hn::MulAdd(g, v, product);
    }
    store(total, sum);
    store(product, products);
  });
}

void sums_pool(const float* x, ptrdiff_t x_row, const float* dy, ptrdiff_t out_width,
               ptrdiff_t channels, const ActivateScale& scale, float* sum,
               float* products) noexcept {
  const V zero = hn::Zero(D());
  for_channels(channels, [&](ptrdiff_t, auto load, auto store) HWY_ATTR {
    const V a = load(scale.scale), b = load(scale.shift);
    V total = load(sum), product = load(products);
    const float* p = x;
    const float* q = dy;
    for (ptrdiff_t i = 0; i < out_width; ++i, p += 2 * channels, q += channels) {
      const Window w = look(p, x_row, channels, a, b, load);
      const V g = hn::IfThenElseZero(hn::Gt(w.best, zero), load(q));
      total = hn::Add(total, g);
      product = hn::MulAdd(g, w.best_x, product);
    }
    store(total, sum);
    store(product, products);
  });
}

void backward(const float* x, const float* dy, ptrdiff_t pixels, ptrdiff_t channels,
              const ActivateScale& scale, const ActivateGradient& gradient, float* dx) noexcept {
  const V zero = hn::Zero(D());
  for_channels(channels, [&](ptrdiff_t, auto load, auto store) HWY_ATTR {
    const V a = load(scale.scale), b = load(scale.shift);
    const V from_g = load(gradient.a), from_x = load(gradient.b), constant = load(gradient.c);
    for (ptrdiff_t i = 0; i < pixels * channels; i += channels) {
      const V v = load(x + i);
      const V g = hn::IfThenElseZero(hn::Gt(hn::MulAdd(a, v, b), zero), load(dy + i));
      store(hn::MulAdd(from_g, g, hn::MulAdd(from_x, v, constant)), dx + i);
    }
  });
}

void backward_pool(const float* x, ptrdiff_t x_row, const float* dy, ptrdiff_t out_width,
                   ptrdiff_t channels, const ActivateScale& scale, const ActivateGradient& gradient,
                   float* dx, ptrdiff_t dx_row) noexcept {
  const D d;
  const V zero = hn::Zero(d);
  for_channels(channels, [&](ptrdiff_t, auto load, auto store) HWY_ATTR {
    const V a = load(scale.scale), b = load(scale.shift);
    const V from_g = load(gradient.a), from_x = load(gradient.b), constant = load(gradient.c);
    const float* p = x;
    const float* q = dy;
    float* out = dx;
    for (ptrdiff_t i = 0; i < out_width;
         ++i, p += 2 * channels, q += channels, out += 2 * channels) {
      const Window w = look(p, x_row, channels, a, b, load);
      const V g = hn::Mul(from_g, hn::IfThenElseZero(hn::Gt(w.best, zero), load(q)));
#pragma GCC unroll 4
      for (int at = 0; at < 4; ++at) {
        const auto here = hn::Eq(w.best_at, hn::Set(d, kPlaces[at]));
        const V value = hn::Add(hn::MulAdd(from_x, w.x[at], constant), hn::IfThenElseZero(here, g));
        store(value, out + (at / 2) * dx_row + (at % 2) * channels);
      }
    }
  });
}

}  // namespace

const ActivateKernels* activate_kernels() {
  static const ActivateKernels kTable = {forward_pool, sums, sums_pool, backward, backward_pool};
  return &kTable;
}

}  // namespace inkling::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

// Pooling rows for every Highway target. Specification: reference.h.
#include "kernels/pool.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/pool.cpp"
#include "hwy/foreach_target.h"
// After foreach_target.
#include "kernels/dispatch-inl.h"

HWY_BEFORE_NAMESPACE();
namespace inkling::kernels::HWY_NAMESPACE {
namespace {

// Calls body(x offset of the window's corner, y offset, load, store) for each window and each
// vector of channels.
template <typename Body>
HWY_INLINE void for_windows(const PoolRow& row, Body body) {
  const D d;
  const ptrdiff_t channels = row.channels;
  for (int out = 0; out < row.out_width; ++out) {
    const ptrdiff_t x = out * row.stride * channels;
    const ptrdiff_t y = out * channels;
    for_vectors(
        channels,
        [&](ptrdiff_t c) HWY_ATTR {
          body(
              x + c, y + c, [&](const float* p) HWY_ATTR { return hn::LoadU(d, p); },
              [&](V v, float* p) HWY_ATTR { hn::StoreU(v, d, p); });
        },
        [&](ptrdiff_t c, ptrdiff_t count) HWY_ATTR {
          body(
              x + c, y + c, [&](const float* p) HWY_ATTR { return load_first(p, count); },
              [&](V v, float* p) HWY_ATTR { store_first(v, count, p); });
        });
  }
}

// Calls visit(offset) for each pixel of a window, row by row.
template <typename Visit>
HWY_INLINE void for_pixels(const PoolRow& row, ptrdiff_t x_row, Visit visit) {
  for (int ky = 0; ky < row.window_height; ++ky) {
    for (int kx = 0; kx < row.window_width; ++kx) visit(ky * x_row + kx * row.channels);
  }
}

void max(const PoolRow& row, const float* x, ptrdiff_t x_row, float* y) noexcept {
  for_windows(row, [&](ptrdiff_t in, ptrdiff_t out, auto load, auto store) HWY_ATTR {
    V best = load(x + in);
    for_pixels(row, x_row, [&](ptrdiff_t at) HWY_ATTR { best = hn::Max(best, load(x + in + at)); });
    store(best, y + out);
  });
}

void max_backward(const PoolRow& row, const float* x, ptrdiff_t x_row, const float* y,
                  const float* dy, float* dx, ptrdiff_t dx_row) noexcept {
  for_windows(row, [&](ptrdiff_t in, ptrdiff_t out, auto load, auto store) HWY_ATTR {
    const V best = load(y + out);
    V gradient = load(dy + out);  // becomes zero once given away
    for (int ky = 0; ky < row.window_height; ++ky) {
      for (int kx = 0; kx < row.window_width; ++kx) {
        const V value = load(x + in + ky * x_row + kx * row.channels);
        float* target = dx + in + ky * dx_row + kx * row.channels;
        const auto holds = hn::Eq(value, best);
        store(hn::Add(load(target), hn::IfThenElseZero(holds, gradient)), target);
        gradient = hn::IfThenZeroElse(holds, gradient);
      }
    }
  });
}

HWY_INLINE V one_pixels_part(const PoolRow& row) {
  return hn::Set(D(), 1.0f / static_cast<float>(row.window_height * row.window_width));
}

void average(const PoolRow& row, const float* x, ptrdiff_t x_row, float* y) noexcept {
  const V fraction = one_pixels_part(row);
  for_windows(row, [&](ptrdiff_t in, ptrdiff_t out, auto load, auto store) HWY_ATTR {
    V total = hn::Zero(D());
    for_pixels(row, x_row,
               [&](ptrdiff_t at) HWY_ATTR { total = hn::Add(total, load(x + in + at)); });
    store(hn::Mul(total, fraction), y + out);
  });
}

void average_backward(const PoolRow& row, const float* dy, float* dx, ptrdiff_t dx_row) noexcept {
  const V fraction = one_pixels_part(row);
  for_windows(row, [&](ptrdiff_t in, ptrdiff_t out, auto load, auto store) HWY_ATTR {
    const V gradient = hn::Mul(load(dy + out), fraction);
    for_pixels(row, dx_row, [&](ptrdiff_t at) HWY_ATTR {
      store(hn::Add(load(dx + in + at), gradient), dx + in + at);
    });
  });
}

}  // namespace

const PoolKernels* pool_kernels() {
  static const PoolKernels kTable = {max, max_backward, average, average_backward};
  return &kTable;
}

}  // namespace inkling::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

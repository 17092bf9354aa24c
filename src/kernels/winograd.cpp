// Winograd's transformations for every Highway target. Specification: winograd.h.
#include "kernels/winograd.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/winograd.cpp"
#include "hwy/foreach_target.h"
// After foreach_target.
#include "kernels/dispatch-inl.h"

HWY_BEFORE_NAMESPACE();
namespace inkling::kernels::HWY_NAMESPACE {
namespace {

// Runs body(tile, channel) for whole vectors of channels.
template <typename Body>
HWY_INLINE void for_tiles(ptrdiff_t tiles, ptrdiff_t channels, Body body) {
  for (ptrdiff_t tile = 0; tile < tiles; ++tile) {
    for (ptrdiff_t c = 0; c < channels; c += lanes()) body(tile, c);
  }
}

HWY_INLINE V load(const float* p) { return hn::LoadU(D(), p); }

void input(const float* x, ptrdiff_t row_stride, ptrdiff_t tiles, ptrdiff_t channels, float* v,
           ptrdiff_t plane) noexcept {
  for_tiles(tiles, channels, [&](ptrdiff_t tile, ptrdiff_t c) HWY_ATTR {
    const float* p = x + 2 * tile * channels + c;
    float* to = v + tile * channels + c;
    // Columns first: row r of x B.
    const auto columns = [&](const float* row, V& a, V& b, V& d, V& e) HWY_ATTR {
      const V x0 = load(row), x1 = load(row + channels), x2 = load(row + 2 * channels),
              x3 = load(row + 3 * channels);
      a = hn::Sub(x0, x2);
      b = hn::Add(x1, x2);
      d = hn::Sub(x2, x1);
      e = hn::Sub(x1, x3);
    };
    V a0, a1, a2, a3, b0, b1, b2, b3, c0, c1, c2, c3, d0, d1, d2, d3;
    columns(p, a0, a1, a2, a3);
    columns(p + row_stride, b0, b1, b2, b3);
    columns(p + 2 * row_stride, c0, c1, c2, c3);
    columns(p + 3 * row_stride, d0, d1, d2, d3);
    const auto rows = [&](int place, V w0, V w1, V w2, V w3) HWY_ATTR {
      float* q = to + place * plane;
      hn::StoreU(hn::Sub(w0, w2), D(), q);
      hn::StoreU(hn::Add(w1, w2), D(), q + 4 * plane);
      hn::StoreU(hn::Sub(w2, w1), D(), q + 8 * plane);
      hn::StoreU(hn::Sub(w1, w3), D(), q + 12 * plane);
    };
    rows(0, a0, b0, c0, d0);
    rows(1, a1, b1, c1, d1);
    rows(2, a2, b2, c2, d2);
    rows(3, a3, b3, c3, d3);
  });
}

void output(const float* m, ptrdiff_t plane, ptrdiff_t tiles, ptrdiff_t channels,
            const WinogradOutput& out) noexcept {
  const V zero = hn::Zero(D());
  for_tiles(tiles, channels, [&](ptrdiff_t tile, ptrdiff_t c) HWY_ATTR {
    const float* p = m + tile * channels + c;
    const V bias = out.bias ? load(out.bias + c) : zero;
    // Rows first: column q of A' m, upper and lower.
    const auto rows = [&](int q, V& upper, V& lower) HWY_ATTR {
      const float* at = p + q * plane;
      const V m0 = load(at), m1 = load(at + 4 * plane), m2 = load(at + 8 * plane),
              m3 = load(at + 12 * plane);
      upper = hn::Add(hn::Add(m0, m1), m2);
      lower = hn::Sub(hn::Sub(m1, m2), m3);
    };
    V upper0, upper1, upper2, upper3, lower0, lower1, lower2, lower3;
    rows(0, upper0, lower0);
    rows(1, upper1, lower1);
    rows(2, upper2, lower2);
    rows(3, upper3, lower3);
    float* y = out.y + 2 * tile * channels + c;
    const auto store = [&](V sum, float* to) HWY_ATTR {
      V value = hn::Add(sum, bias);
      if (out.accumulate) value = hn::Add(value, load(to));
      if (out.relu) value = hn::Max(value, zero);
      hn::StoreU(value, D(), to);
    };
    const bool right = 2 * tile + 1 < out.columns;
    store(hn::Add(hn::Add(upper0, upper1), upper2), y);
    if (right) store(hn::Sub(hn::Sub(upper1, upper2), upper3), y + channels);
    if (out.rows < 2) return;
    store(hn::Add(hn::Add(lower0, lower1), lower2), y + out.row_stride);
    if (right) store(hn::Sub(hn::Sub(lower1, lower2), lower3), y + out.row_stride + channels);
  });
}

void spread(const float* dy, ptrdiff_t row_stride, ptrdiff_t tiles, ptrdiff_t channels, float* z,
            ptrdiff_t plane) noexcept {
  const V zero = hn::Zero(D());
  for_tiles(tiles, channels, [&](ptrdiff_t tile, ptrdiff_t c) HWY_ATTR {
    const float* p = dy + 2 * tile * channels + c;
    float* to = z + tile * channels + c;
    const auto columns = [&](int row, V left, V right) HWY_ATTR {
      float* q = to + 4 * row * plane;
      hn::StoreU(left, D(), q);
      hn::StoreU(hn::Add(left, right), D(), q + plane);
      hn::StoreU(hn::Sub(left, right), D(), q + 2 * plane);
      hn::StoreU(hn::Sub(zero, right), D(), q + 3 * plane);
    };
    const V a = load(p), b = load(p + channels);
    const V d = load(p + row_stride), e = load(p + row_stride + channels);
    columns(0, a, b);
    columns(1, hn::Add(a, d), hn::Add(b, e));
    columns(2, hn::Sub(a, d), hn::Sub(b, e));
    columns(3, hn::Sub(zero, d), hn::Sub(zero, e));
  });
}

}  // namespace

const WinogradKernels* winograd_kernels() {
  static const WinogradKernels kTable = {input, output, spread};
  return &kTable;
}

}  // namespace inkling::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

// The batch-reduce matrix product in f32 for every Highway target.
#include "kernels/brgemm.h"

#include <algorithm>
#include <cstring>
#include <utility>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/brgemm.cpp"
#include "hwy/foreach_target.h"
// After foreach_target.
#include "kernels/dispatch-inl.h"

HWY_BEFORE_NAMESPACE();
namespace inkling::kernels::HWY_NAMESPACE {
namespace {

#include "kernels/brgemm-inl.h"

struct Float32 {
  using Element = float;
  using Vector = V;
  using Sum = V;
  static constexpr int kLanes = HWY_LANES(float);
  static constexpr int kFlops = 2;
#if HWY_TARGET <= HWY_AVX3
  static constexpr int kMaxRows[5] = {0, 14, 14, 0, 7};
#else
  static constexpr int kMaxRows[5] = {0, 8, 6, 0, 3};
#endif

  static HWY_INLINE V zero() { return hn::Zero(D()); }
  static HWY_INLINE V load_b(const float* p) { return hn::LoadU(D(), p); }
  static HWY_INLINE V broadcast(const float* p) { return hn::Set(D(), *p); }
  static HWY_INLINE V multiply_add(V a, V b, V sum) { return hn::MulAdd(a, b, sum); }
  static HWY_INLINE V add(V a, V b) { return hn::Add(a, b); }
  static HWY_INLINE V relu(V a) { return hn::Max(a, hn::Zero(D())); }
  static HWY_INLINE V load_c(const float* p, int count) { return load_first(p, count); }
  static HWY_INLINE void store_c(V v, int count, float* p) {
    if (count == kLanes) {
      hn::StoreU(v, D(), p);
    } else {
      store_first(v, count, p);
    }
  }
};

constexpr int kPanelColumns = kPanelVectors * Float32::kLanes;

void pack(const float* src, ptrdiff_t row_stride, ptrdiff_t column_stride, int rows, int columns,
          ptrdiff_t panel, float* dst) noexcept {
  for (int first = 0; first < columns; first += kPanelColumns, dst += panel) {
    const int count = std::min(kPanelColumns, columns - first);
    for (int k = 0; k < rows; ++k) {
      const float* from = src + k * row_stride + first * column_stride;
      float* to = dst + k * kPanelColumns;
      for (int n = 0; n < count; ++n) to[n] = from[n * column_stride];
      for (int n = count; n < kPanelColumns; ++n) to[n] = 0.0f;
    }
  }
}

}  // namespace

const BrgemmKernels* brgemm_kernels() {
  static const BrgemmKernels kTable = {kPanelColumns, run_product<Float32>, pack, spin<Float32>};
  return &kTable;
}

}  // namespace inkling::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

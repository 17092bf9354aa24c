// The batch-reduce matrix product for every Highway target. Specification: reference.h.
//
// A register tile of Rows x (Vectors * lanes) of C stays in registers over the whole batch. With 32
// registers (AVX-512) tiles are 14 x 2 or 7 x 4 vectors: 28 sums, two or four vectors of B, one
// broadcast of A. With 16 (AVX2) they are 6 x 2 or 3 x 4.
#include "kernels/brgemm.h"

#include <algorithm>
#include <utility>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/brgemm.cpp"
#include "hwy/foreach_target.h"
// After foreach_target.
#include "kernels/dispatch-inl.h"

HWY_BEFORE_NAMESPACE();
namespace inkling::kernels::HWY_NAMESPACE {
namespace {

#if HWY_TARGET <= HWY_AVX3
constexpr int kMaxRows[5] = {0, 14, 14, 0, 7};
#else
constexpr int kMaxRows[5] = {0, 8, 6, 0, 3};
#endif
constexpr int kPanelVectors = 2;

int panel_columns() { return kPanelVectors * static_cast<int>(hn::Lanes(D())); }

// One tile: Rows x Vectors sums. `columns` is how many of them exist in C.
template <int kRows, int kVectors, bool kTransposed>
HWY_NOINLINE void tile(const BrgemmArgs& args, const float* a0, const float* b0, float* c,
                       int columns, const float* bias) {
  const D d;
  const size_t lanes = hn::Lanes(d);
  const ptrdiff_t lda = args.lda, ldb = args.ldb;
  V sum[kRows][kVectors];
#pragma GCC unroll 16
  for (int m = 0; m < kRows; ++m) {
#pragma GCC unroll 4
    for (int v = 0; v < kVectors; ++v) sum[m][v] = hn::Zero(d);
  }

  for (int i = 0; i < args.count; ++i) {
    const float* HWY_RESTRICT a = a0 + args.a_offsets[i];
    const float* HWY_RESTRICT b_low = b0 + args.b_offsets[i];
    const float* HWY_RESTRICT b_high = b_low + (kVectors > kPanelVectors ? args.b_panel : 0);
    // One pointer for three rows: x86 addresses base + {0, 4, 8} * lda in the load itself.
    const float* bases[5] = {a, a + 3 * lda, a + 6 * lda, a + 9 * lda, a + 12 * lda};
    for (int k = args.k; k > 0; --k) {
      V b[kVectors];
#pragma GCC unroll 4
      for (int v = 0; v < kVectors; ++v) {
        b[v] = v < kPanelVectors ? hn::LoadU(d, b_low + v * lanes)
                                 : hn::LoadU(d, b_high + (v - kPanelVectors) * lanes);
      }
#pragma GCC unroll 16
      for (int m = 0; m < kRows; ++m) {
        const V x = hn::Set(d, kTransposed ? a[m] : bases[m / 3][(m % 3) * lda]);
#pragma GCC unroll 4
        for (int v = 0; v < kVectors; ++v) sum[m][v] = hn::MulAdd(x, b[v], sum[m][v]);
      }
      if (kTransposed) {
        a += lda;
      } else {
#pragma GCC unroll 5
        for (int base = 0; base < 5; ++base) ++bases[base];
      }
      b_low += ldb;
      b_high += ldb;
    }
  }

  // The epilogue. The last vector may be cut.
  const V zero = hn::Zero(d);
#pragma GCC unroll 4
  for (int v = 0; v < kVectors; ++v) {
    const int first = v * static_cast<int>(lanes);
    if (first >= columns) break;
    const size_t count = std::min<size_t>(lanes, static_cast<size_t>(columns - first));
    const V start = bias ? load_first(bias + first, count) : zero;
#pragma GCC unroll 16
    for (int m = 0; m < kRows; ++m) {
      float* out = c + m * args.ldc + first;
      V value = hn::Add(sum[m][v], args.accumulate ? load_first(out, count) : start);
      if (args.relu) value = hn::Max(value, zero);
      if (count == lanes) {
        hn::StoreU(value, d, out);
      } else {
        store_first(value, count, out);
      }
    }
  }
}

using Tile = void (*)(const BrgemmArgs&, const float*, const float*, float*, int, const float*);

template <int kVectors, bool kTransposed>
Tile tile_of(int rows) {
  return [rows]<int... kRow>(std::integer_sequence<int, kRow...>) {
    static constexpr Tile kTiles[] = {tile<kRow + 1, kVectors, kTransposed>...};
    return kTiles[rows - 1];
  }
  (std::make_integer_sequence<int, kMaxRows[kVectors]>());
}

Tile choose_tile(int vectors, bool transposed, int rows) {
  switch (vectors) {
    case 1:
      return transposed ? tile_of<1, true>(rows) : tile_of<1, false>(rows);
    case 2:
      return transposed ? tile_of<2, true>(rows) : tile_of<2, false>(rows);
    default:
      return transposed ? tile_of<4, true>(rows) : tile_of<4, false>(rows);
  }
}

// Rows are cut into equal blocks, so that none is left over small.
void run_columns(const BrgemmArgs& args, int vectors, int first, int columns) {
  const int panel = first / panel_columns();
  const float* b = args.b + panel * args.b_panel;
  const float* bias = args.bias ? args.bias + first : nullptr;
  const int blocks = (args.m + kMaxRows[vectors] - 1) / kMaxRows[vectors];
  for (int block = 0, row = 0; block < blocks; ++block) {
    const int end = args.m * (block + 1) / blocks;
    const float* a = args.a + row * (args.a_transposed ? 1 : args.lda);
    choose_tile(vectors, args.a_transposed, end - row)(args, a, b, args.c + row * args.ldc + first,
                                                       columns, bias);
    row = end;
  }
}

void run(const BrgemmArgs& args) noexcept {
  const int lanes = static_cast<int>(hn::Lanes(D()));
  const int panel = kPanelVectors * lanes;
  for (int first = 0; first < args.n;) {
    const int left = args.n - first;
    // Four vectors where rows are few: the tile is then bound by neither loads nor latency.
    const bool wide =
        left > panel + lanes && args.m % kMaxRows[2] != 0 && args.m <= 2 * kMaxRows[4];
    const int vectors = wide ? 4 : left > lanes ? 2 : 1;
    const int columns = std::min(left, vectors * lanes);
    run_columns(args, vectors, first, columns);
    first += columns;
  }
}

void pack(const float* src, ptrdiff_t row_stride, ptrdiff_t column_stride, int rows, int columns,
          ptrdiff_t panel, float* dst) noexcept {
  const int width = panel_columns();
  for (int first = 0; first < columns; first += width, dst += panel) {
    const int count = std::min(width, columns - first);
    for (int k = 0; k < rows; ++k) {
      const float* from = src + k * row_stride + first * column_stride;
      float* to = dst + k * width;
      for (int n = 0; n < count; ++n) to[n] = from[n * column_stride];
      for (int n = count; n < width; ++n) to[n] = 0.0f;
    }
  }
}

}  // namespace

const BrgemmKernels* brgemm_kernels() {
  static const BrgemmKernels kTable = {panel_columns(), run, pack};
  return &kTable;
}

}  // namespace inkling::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

// The one building block: the batch-reduce matrix product (Georganas et al., arXiv 1906.06440).
//
//   C[m][n] = start[m][n] + sum over i < count, k < K of  A_i[m][k] * B_i[k][n]
//
// Convolution (forward, both gradients) and dense layers are loops around it. One call computes a
// block of C in registers across the whole batch of (A_i, B_i), so C is touched once.
//
// Dimension letters: m rows, n columns, k the summed extent, i the batch.
//
// Elements of A and B are f32, or pairs of bf16 whose products are both added: then k counts pairs,
// and every stride and offset of A and B does. C is f32 always.
#pragma once

#include <cstddef>
#include <cstdint>

namespace inkling::kernels {

// Two neighbours along k, each the upper half of an f32.
struct Bf16Pair {
  uint16_t first, second;
};

inline constexpr ptrdiff_t kNoOffset[] = {0};

// Unless it says otherwise, a batch of one.
template <typename Element>
struct BrgemmArgsOf {
  // A_i begins at a + a_offsets[i]. Plain: A[m][k] at m * lda + k. Transposed: A[m][k] at
  // k * lda + m, which is what a weight gradient wants of channels-last pixels.
  const Element* a = nullptr;
  const ptrdiff_t* a_offsets = kNoOffset;  // [count]
  ptrdiff_t lda = 0;
  bool a_transposed = false;

  // B_i begins at b + b_offsets[i]. B is cut into panels of panel_columns() columns: column n of
  // row k stands at (n / P) * b_panel + k * ldb + n % P. A plain row-major B has b_panel = P.
  // Rows are read in whole panels: up to P - 1 elements past the last column must be readable.
  const Element* b = nullptr;
  const ptrdiff_t* b_offsets = kNoOffset;  // [count]
  ptrdiff_t ldb = 0;
  ptrdiff_t b_panel = 0;

  int count = 1, m = 0, n = 0, k = 0;

  // C[m][n] at m * ldc + n. The sum starts from C itself (accumulate), else from bias[n], else 0.
  float* c = nullptr;
  ptrdiff_t ldc = 0;
  bool accumulate = false;
  const float* bias = nullptr;  // [n] or null
  bool relu = false;            // C = max(0, C) at the end
};

using BrgemmArgs = BrgemmArgsOf<float>;
using Bf16BrgemmArgs = BrgemmArgsOf<Bf16Pair>;

struct BrgemmKernels {
  int panel_columns;  // P: how many columns a packed panel of B has
  void (*run)(const BrgemmArgs& args) noexcept;
  // Packs rows x columns into panels: dst[(n / P) * panel + k * P + n % P] = src[k][n], zero behind
  // the last column, where src[k][n] stands at k * row_stride + n * column_stride. `panel` >=
  // rows * P.
  void (*pack)(const float* src, ptrdiff_t row_stride, ptrdiff_t column_stride, int rows,
               int columns, ptrdiff_t panel, float* dst) noexcept;
  // Multiply-adds on registers alone, to measure what the core can do at most. Returns the
  // floating-point operations done.
  double (*spin)(int64_t rounds) noexcept;
};

// Two images' rows that become one matrix of pairs: first[r][c] at r * row_stride + c, and second.
struct PairedRows {
  const float* first;
  const float* second;          // null: zeros
  int first_rows, second_rows;  // second_rows <= first_rows; what is missing counts as zero
  int columns;
  ptrdiff_t row_stride;
};

// Pairs along k in a row of an AMX tile.
inline constexpr int kTileDepth = 16;

// Rounding to bf16 is to nearest, ties to even; denormal operands count as zero.
struct Bf16Kernels {
  int panel_columns;
  // Whether `run` wants a weight gradient's A by rows (as `transpose` makes it) rather than
  // transposed, and k in multiples of kTileDepth.
  bool a_by_rows;
  void (*run)(const Bf16BrgemmArgs& args) noexcept;
  // As above, rows in pairs: pair k holds rows 2k and 2k + 1. `rows` is even; `panel`, in pairs, >=
  // rows / 2 * P.
  void (*pack)(const float* src, ptrdiff_t row_stride, ptrdiff_t column_stride, int rows,
               int columns, ptrdiff_t panel, Bf16Pair* dst) noexcept;
  // dst[i] = (src[2i], src[2i + 1]): neighbours of one row. n, of floats, is even.
  void (*convert)(const float* src, ptrdiff_t n, Bf16Pair* dst) noexcept;
  // dst[i] = (first[i], second[i]): the same place of two images. second null: zeros.
  void (*interleave)(const float* first, const float* second, ptrdiff_t n, Bf16Pair* dst) noexcept;
  // dst[c * stride + r] = (first[r][c], second[r][c]), zeros from first_rows to stride, a multiple
  // of 16.
  void (*transpose)(const PairedRows& rows, ptrdiff_t stride, Bf16Pair* dst) noexcept;
  double (*spin)(int64_t rounds) noexcept;
};

}  // namespace inkling::kernels

// The one building block: the batch-reduce matrix product (Georganas et al., arXiv 1906.06440).
//
//   C[m][n] = start[m][n] + sum over i < count, k < K of  A_i[m][k] * B_i[k][n]
//
// Convolution (forward, both gradients) and dense layers are loops around it. One call computes a
// block of C in registers across the whole batch of (A_i, B_i), so C is touched once.
//
// Dimension letters: m rows, n columns, k the summed extent, i the batch.
#pragma once

#include <cstddef>

namespace inkling::kernels {

struct BrgemmArgs {
  // A_i begins at a + a_offsets[i] (floats). Plain: A[m][k] at m * lda + k. Transposed: A[m][k] at
  // k * lda + m, which is what a weight gradient wants of channels-last pixels.
  const float* a = nullptr;
  const ptrdiff_t* a_offsets = nullptr;  // [count]
  ptrdiff_t lda = 0;
  bool a_transposed = false;

  // B_i begins at b + b_offsets[i]. B is cut into panels of panel_columns() columns: column n of
  // row k stands at (n / P) * b_panel + k * ldb + n % P. A plain row-major B has b_panel = P.
  // Rows are read in whole panels: up to P - 1 floats past the last column must be readable.
  const float* b = nullptr;
  const ptrdiff_t* b_offsets = nullptr;  // [count]
  ptrdiff_t ldb = 0;
  ptrdiff_t b_panel = 0;

  int count = 0, m = 0, n = 0, k = 0;

  // C[m][n] at m * ldc + n. The sum starts from C itself (accumulate), else from bias[n], else 0.
  float* c = nullptr;
  ptrdiff_t ldc = 0;
  bool accumulate = false;
  const float* bias = nullptr;  // [n] or null
  bool relu = false;            // C = max(0, C) at the end
};

struct BrgemmKernels {
  int panel_columns;  // P: how many columns a packed panel of B has
  void (*run)(const BrgemmArgs& args) noexcept;
  // Packs rows x columns into panels: dst[(n / P) * panel + k * P + n % P] = src[k][n], zero behind
  // the last column, where src[k][n] stands at k * row_stride + n * column_stride. `panel` >=
  // rows * P.
  void (*pack)(const float* src, ptrdiff_t row_stride, ptrdiff_t column_stride, int rows,
               int columns, ptrdiff_t panel, float* dst) noexcept;
};

}  // namespace inkling::kernels

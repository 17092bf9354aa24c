// Windows over one channels-last image: maximum and average pooling.
#pragma once

#include <cstddef>

namespace inkling::kernels {

// One output row: out_width windows of window x window pixels, `stride` apart, none past the edge.
struct PoolRow {
  int window_height = 2, window_width = 2, stride = 2;
  int out_width = 0;
  int channels = 0;
};

struct PoolKernels {
  // x: first window's corner, rows x_row floats apart, [.., channels]; y: [out_width, channels].
  void (*max)(const PoolRow& row, const float* x, ptrdiff_t x_row, float* y) noexcept;
  // Adds dy to the dx of the first pixel of each window that holds the maximum.
  void (*max_backward)(const PoolRow& row, const float* x, ptrdiff_t x_row, const float* y,
                       const float* dy, float* dx, ptrdiff_t dx_row) noexcept;
  void (*average)(const PoolRow& row, const float* x, ptrdiff_t x_row, float* y) noexcept;
  // Adds dy / window area to every dx of each window.
  void (*average_backward)(const PoolRow& row, const float* dy, float* dx,
                           ptrdiff_t dx_row) noexcept;
};

}  // namespace inkling::kernels

// Per-channel arithmetic on channels-last pixels: what batch norm and bias gradients are made of.
// Everywhere x: [pixels, channels] f32, pixel p at x + p * stride.
#pragma once

#include <cstddef>

namespace inkling::kernels {

struct NormaliseKernels {
  // sum[c] += sum over pixels of x[p][c].
  void (*sums)(const float* x, ptrdiff_t pixels, ptrdiff_t stride, ptrdiff_t channels,
               float* sum) noexcept;
  // sum[c] += sum of x[p][c] and products[c] += sum of x[p][c] * y[p][c]; y may be x.
  void (*sums_and_products)(const float* x, ptrdiff_t x_stride, const float* y, ptrdiff_t y_stride,
                            ptrdiff_t pixels, ptrdiff_t channels, float* sum,
                            float* products) noexcept;
  // y[p][c] = scale[c] * x[p][c] + shift[c], rectified if asked.
  void (*scale_shift)(const float* x, ptrdiff_t x_stride, ptrdiff_t pixels, ptrdiff_t channels,
                      const float* scale, const float* shift, bool relu, float* y,
                      ptrdiff_t y_stride) noexcept;
  // dx[p][c] = a[c] * dy[p][c] + b[c] * x[p][c] + c[c]; with accumulate, added to dx.
  void (*combine)(const float* dy, ptrdiff_t dy_stride, const float* x, ptrdiff_t x_stride,
                  ptrdiff_t pixels, ptrdiff_t channels, const float* a, const float* b,
                  const float* c, bool accumulate, float* dx, ptrdiff_t dx_stride) noexcept;
};

}  // namespace inkling::kernels

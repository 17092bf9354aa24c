// What follows a convolution, fused: normalise, rectify and, if asked, take the maximum of 2x2
// windows in one pass forward, and back in one pass for the sums and one for the gradient. The
// rectified values are recomputed from x each time, never stored.
//
// x: [pixels, channels] f32, channels last; v = max(0, scale[c] * x + shift[c]).
#pragma once

#include <cstddef>

namespace inkling::kernels {

// Per channel: v = max(0, scale x + shift).
struct ActivateScale {
  const float* scale;
  const float* shift;
};

// Per channel: dx = a g + b x + c, where g is the gradient that reaches scale x + shift.
struct ActivateGradient {
  const float* a;
  const float* b;
  const float* c;
};

// "pool" kernels work on one row of 2x2 windows: x: two rows of 2 * out_width pixels, x_row floats
// apart; y and dy: [out_width, channels]. A window's gradient goes to the first pixel, row by row,
// that holds its maximum, and nowhere if that is not above 0.
struct ActivateKernels {
  void (*forward_pool)(const float* x, ptrdiff_t x_row, ptrdiff_t out_width, ptrdiff_t channels,
                       const ActivateScale& scale, float* y) noexcept;
  // sum[c] += sum of g, products[c] += sum of g x.
  void (*sums)(const float* x, const float* dy, ptrdiff_t pixels, ptrdiff_t channels,
               const ActivateScale& scale, float* sum, float* products) noexcept;
  void (*sums_pool)(const float* x, ptrdiff_t x_row, const float* dy, ptrdiff_t out_width,
                    ptrdiff_t channels, const ActivateScale& scale, float* sum,
                    float* products) noexcept;
  void (*backward)(const float* x, const float* dy, ptrdiff_t pixels, ptrdiff_t channels,
                   const ActivateScale& scale, const ActivateGradient& gradient,
                   float* dx) noexcept;
  void (*backward_pool)(const float* x, ptrdiff_t x_row, const float* dy, ptrdiff_t out_width,
                        ptrdiff_t channels, const ActivateScale& scale,
                        const ActivateGradient& gradient, float* dx, ptrdiff_t dx_row) noexcept;
};

}  // namespace inkling::kernels

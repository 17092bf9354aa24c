// Arithmetic on rows of floats where position does not matter: rectifier, sums, dropout.
#pragma once

#include <cstddef>
#include <cstdint>

namespace inkling::kernels {

struct ElementwiseKernels {
  // y[i] = max(0, x[i]). In place allowed.
  void (*relu)(const float* x, ptrdiff_t n, float* y) noexcept;
  // dx[i] = y[i] > 0 ? dy[i] : 0, where y is the rectifier's output; with accumulate, added to dx.
  void (*relu_backward)(const float* y, const float* dy, ptrdiff_t n, bool accumulate,
                        float* dx) noexcept;
  // y[i] = a[i] + b[i], rectified if asked.
  void (*add)(const float* a, const float* b, ptrdiff_t n, bool relu, float* y) noexcept;
  // y[i] += x[i].
  void (*accumulate)(const float* x, ptrdiff_t n, float* y) noexcept;
  // y[i] = keep(i) ? x[i] * scale : 0, keep(i) when a 32-bit hash of (key, first + i) is at least
  // `threshold` (threshold / 2^32 is the dropped share). The same call undoes itself: the gradient
  // is dropout of dy with the same key. In place allowed.
  void (*dropout)(const float* x, ptrdiff_t n, uint32_t key, uint32_t first, uint32_t threshold,
                  float scale, float* y) noexcept;
};

}  // namespace inkling::kernels

// The kernels as plain loops, over float and double: specification, fallback for study, and the
// oracle every variant is tested against. Not fast, on purpose. Contracts are those of brgemm.h,
// elementwise.h, normalise.h, pool.h and optimise.h.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "kernels/brgemm.h"
#include "kernels/optimise.h"
#include "kernels/pool.h"

namespace inkling::kernels::reference {

// The same product, summed in T; `panel_columns` as the packed B has it.
template <typename T>
T brgemm_element(const BrgemmArgs& args, int panel_columns, int m, int n) {
  T sum = args.accumulate ? args.c[m * args.ldc + n] : args.bias ? args.bias[n] : 0.0f;
  for (int i = 0; i < args.count; ++i) {
    const float* a = args.a + args.a_offsets[i];
    const float* b =
        args.b + args.b_offsets[i] + (n / panel_columns) * args.b_panel + n % panel_columns;
    for (int k = 0; k < args.k; ++k) {
      const T left = args.a_transposed ? a[k * args.lda + m] : a[m * args.lda + k];
      sum += left * T(b[k * args.ldb]);
    }
  }
  return args.relu ? std::max(sum, T(0)) : sum;
}

// "lowbias32" (Chris Wellons, Hash Prospector, 2018): low bias for the cost of two multiplications.
inline uint32_t dropout_hash(uint32_t key, uint32_t index) {
  uint32_t h = key + index;
  h = (h ^ (h >> 16)) * 0x7feb352du;
  h = (h ^ (h >> 15)) * 0x846ca68bu;
  return h ^ (h >> 16);
}

inline bool dropout_keeps(uint32_t key, uint32_t index, uint32_t threshold) {
  return dropout_hash(key, index) >= threshold;
}

// Offset from a window's corner to the first pixel holding its maximum in channel 0 of x.
template <typename T>
ptrdiff_t first_maximum(const PoolRow& row, const T* x, ptrdiff_t x_row) {
  ptrdiff_t best = 0;
  for (int ky = 0; ky < row.window_height; ++ky) {
    for (int kx = 0; kx < row.window_width; ++kx) {
      const ptrdiff_t at = ky * x_row + kx * row.channels;
      if (x[at] > x[best]) best = at;
    }
  }
  return best;
}

template <typename T>
void adam(const AdamStep& step, T gradient, T& first, T& second, T& weight) {
  first = step.beta1 * first + (1 - step.beta1) * gradient;
  second = step.beta2 * second + (1 - step.beta2) * gradient * gradient;
  weight = (1 - step.decay) * weight - step.step * first / (std::sqrt(second) + step.epsilon);
}

template <typename T>
void sgd(const SgdStep& step, T gradient, T& velocity, T& weight) {
  const T g = gradient + step.decay * weight;
  velocity = step.momentum * velocity + g;
  weight -= step.lr * (step.nesterov ? g + step.momentum * velocity : velocity);
}

}  // namespace inkling::kernels::reference

// The kernels as plain loops, over float and double: specification, fallback for study, and the
// oracle every variant is tested against. Not fast, on purpose. Contracts are those of brgemm.h,
// elementwise.h, normalise.h, pool.h, optimise.h and warp.h.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "kernels/brgemm.h"
#include "kernels/optimise.h"
#include "kernels/pool.h"
#include "kernels/warp.h"

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
inline uint32_t counter_hash(uint32_t key, uint32_t index) {
  uint32_t h = key + index;
  h = (h ^ (h >> 16)) * 0x7feb352du;
  h = (h ^ (h >> 15)) * 0x846ca68bu;
  return h ^ (h >> 16);
}

inline bool dropout_keeps(uint32_t key, uint32_t index, uint32_t threshold) {
  return counter_hash(key, index) >= threshold;
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

// Normalise, rectify, pool (activate.h), one channel of one window of `count` values: the largest
// scale x + shift, and the first place that holds it.
template <typename T>
struct ActivateWindow {
  T best;
  int at;
};

template <typename T>
ActivateWindow<T> activate_window(const T* x, int count, T scale, T shift) {
  ActivateWindow<T> window{scale * x[0] + shift, 0};
  for (int i = 1; i < count; ++i) {
    const T v = scale * x[i] + shift;
    if (v > window.best) window = {v, i};
  }
  return window;
}

template <typename T>
void adam(const AdamStep& step, T gradient, T& first, T& second, T& weight) {
  const T g = step.scale * gradient + step.l2 * weight;
  first = step.beta1 * first + (1 - step.beta1) * g;
  second = step.beta2 * second + (1 - step.beta2) * g * g;
  weight = (1 - step.decay) * weight - step.step * first / (std::sqrt(second) + step.epsilon);
}

template <typename T>
void sgd(const SgdStep& step, T gradient, T& velocity, T& weight) {
  const T g = step.scale * gradient + step.l2 * weight;
  velocity = step.momentum * velocity + g;
  weight -= step.lr * (step.nesterov ? g + step.momentum * velocity : velocity);
}

inline uint32_t quad(const uint8_t* p, ptrdiff_t stride) {
  return uint32_t{p[0]} | uint32_t{p[1]} << 8 | uint32_t{p[stride]} << 16 |
         uint32_t{p[stride + 1]} << 24;
}

inline uint8_t stroke(const uint8_t* x, ptrdiff_t stride, int weight) {
  const auto [least, most] = std::minmax({x[0], x[-1], x[1], x[-stride], x[stride]});
  const int m = weight > 0 ? most : least, fraction = std::abs(weight);
  return static_cast<uint8_t>((x[0] * (256 - fraction) + m * fraction + 128) >> 8);
}

// Of 16 bits of a hash.
template <typename T>
T uniform(uint32_t half) {
  return (T(half) + T(0.5)) / 32768 - 1;
}

template <typename T>
T filtered(const float* x, ptrdiff_t step, const float* weights, ptrdiff_t taps) {
  T sum = 0;
  for (ptrdiff_t t = 0; t < taps; ++t) sum += T(weights[t]) * x[t * step];
  return sum;
}

// The bilinear sample of the source at (x, y).
template <typename T>
T sampled(const WarpArgs& args, T x, T y) {
  x = std::clamp<T>(x, -1, args.src_width);
  y = std::clamp<T>(y, -1, args.src_height);
  const int column = static_cast<int>(std::floor(x)), row = static_cast<int>(std::floor(y));
  const T right = x - column, down = y - row;
  const auto blend = [&](T p00, T p01, T p10, T p11) {
    return (1 - down) * ((1 - right) * p00 + right * p01) +
           down * ((1 - right) * p10 + right * p11);
  };
  if (args.plane != nullptr) {
    const float* p = args.plane + (row + 1) * args.plane_stride + column + 1;
    return blend(p[0], p[1], p[args.plane_stride], p[args.plane_stride + 1]);
  }
  const uint32_t quad = args.quads[(row + 1) * args.quad_stride + column + 1];
  return blend(quad & 255, quad >> 8 & 255, quad >> 16 & 255, quad >> 24);
}

// One pixel of the result.
template <typename T>
T warped(const WarpArgs& args, int x, int y) {
  const SourceMap& m = args.map;
  const T w = T(m.w_x) * x + T(m.w_y) * y + m.w_0;
  T source_x = (T(m.x_x) * x + T(m.x_y) * y + m.x_0) / w;
  T source_y = (T(m.y_x) * x + T(m.y_y) * y + m.y_0) / w;
  if (args.dx != nullptr) {
    source_x += T(args.alpha) * args.dx[y * args.displacement_stride + x];
    source_y += T(args.alpha) * args.dy[y * args.displacement_stride + x];
  }
  T v = std::min<T>(args.gain * sampled<T>(args, source_x, source_y), 255);
  if (args.noise > 0) {
    const uint32_t h =
        counter_hash(args.noise_key, args.noise_first + static_cast<uint32_t>(y * args.width + x));
    const uint32_t bytes = (h & 255) + (h >> 8 & 255) + (h >> 16 & 255) + (h >> 24);
    // A byte has mean 127.5 and variance (256^2 - 1) / 12.
    v += args.noise * (T(bytes) - 510) / std::sqrt(T(65535) / 3);
    v = std::clamp<T>(v, 0, 255);
  }
  return args.scale * v + args.offset;
}

}  // namespace inkling::kernels::reference

// Pictures bent, thickened and made noisy: a plane of bytes or floats is sampled through an inverse
// map and comes out as floats in a network's scale. What to draw at random stands in
// data/augment/augment_draw.h.
//
// The plane arrives with a border of zeros, so that no pixel is ever asked whether it exists. One
// of bytes is folded into "quads": one word holding a pixel and its three neighbours right, below
// and below right. A bilinear sample is then one gather instead of four.
#pragma once

#include <cstddef>
#include <cstdint>

namespace inkling::kernels {

// The map from where a pixel goes, (x, y) of [height, width], to where it comes from:
//   w   = w_x x + w_y y + w_0                             1 everywhere without perspective
//   src = ((x_x x + x_y y + x_0) / w + alpha dx[y, x],  (y_x x + y_y y + y_0) / w + alpha dy[y, x])
// in pixels of the source, whose first pixel's centre is (0, 0).
struct SourceMap {
  float x_x = 1, x_y = 0, x_0 = 0;
  float y_x = 0, y_y = 1, y_0 = 0;
  float w_x = 0, w_y = 0, w_0 = 1;
};

struct WarpArgs {
  // [src_height + 2, src_width + 2], quad_stride words a row, the first that of pixel (-1, -1).
  const uint32_t* quads = nullptr;
  ptrdiff_t quad_stride = 0;
  // Given instead of quads, of floats in any unit: [src_height + 3, src_width + 3], plane_stride
  // floats a row, the first pixel (-1, -1).
  const float* plane = nullptr;
  ptrdiff_t plane_stride = 0;
  int src_height = 0, src_width = 0;

  SourceMap map;              // finite; w > 0 over the picture, w_0 = 1 where w_x = w_y = 0
  const float* dx = nullptr;  // displacements in pixels, [height, width]; null: none
  const float* dy = nullptr;
  ptrdiff_t displacement_stride = 0;  // floats
  float alpha = 1;                    // factor of the displacements

  // v = 255 at most of gain * sample; then, where noise > 0, v + noise * g between 0 and 255 with g
  // of mean 0 and variance 1, from a hash of (noise_key, noise_first + y * width + x); then
  // out = scale * v + offset.
  float gain = 1;
  float noise = 0;  // standard deviation in grey levels
  uint32_t noise_key = 0, noise_first = 0;
  float scale = 1, offset = 0;

  int height = 0, width = 0;  // of the result
  float* out = nullptr;
  ptrdiff_t row_stride = 0;  // floats
};

// Kernels may read this many elements past the end of what they are given.
inline constexpr size_t kWarpSlack = 64;
// Rows of quads are a multiple of this long: the widest vector.
inline constexpr size_t kQuadStride = 16;

struct WarpKernels {
  // q[y, x] = p[y, x] | p[y, x + 1] << 8 | p[y + 1, x] << 16 | p[y + 1, x + 1] << 24 for [rows,
  // columns] of q; p has a row and a column more. q_stride: a multiple of kQuadStride, at least
  // columns; the rest of a row is written too, with anything.
  void (*quads)(const uint8_t* p, ptrdiff_t p_stride, size_t rows, size_t columns, uint32_t* q,
                ptrdiff_t q_stride) noexcept;
  // A thicker or thinner pen: y = x + |weight| / 256 * (m - x), rounded, where m is the greatest of
  // a pixel and its four neighbours, or the least of them where weight < 0. |weight| <= 256. x:
  // [height, width] inside a border of one pixel, which counts; y: the same layout, and nothing but
  // its [height, width] is written.
  void (*stroke)(const uint8_t* x, size_t height, size_t width, ptrdiff_t stride, int weight,
                 uint8_t* y) noexcept;
  // a[i], b[i]: uniform in (-1, 1), from the halves of a hash of (key, i). i < n.
  void (*uniforms)(uint32_t key, size_t n, float* a, float* b) noexcept;
  // y[i] = sum over t < taps of weights[t] * x[i + t * step]. i < n.
  void (*filter)(const float* x, ptrdiff_t step, const float* weights, size_t taps, size_t n,
                 float* y) noexcept;
  void (*warp)(const WarpArgs& args) noexcept;
};

}  // namespace inkling::kernels

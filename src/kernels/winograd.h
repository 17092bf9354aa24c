// The transformations of Winograd's minimal filtering F(2x2, 3x3) (Lavin and Gray, "Fast Algorithms
// for Convolutional Neural Networks", arXiv 1509.09308, section 4.1): a 3x3 convolution of stride 1
// computes 2x2 outputs from a 4x4 patch by 16 products instead of 36.
//
//   y = A' [ (G w G') . (B' x B) ] A
//
// The 16 places of a transformed patch are planes: place p of tile t, channel c stands at p *
// plane + t * channels + c. Channels come in multiples of 16.
//
//        B' = | 1  0 -1  0 |    A' = | 1  1  1  0 |    G = |  1    0    0  |
//             | 0  1  1  0 |         | 0  1 -1 -1 |        | 1/2  1/2  1/2 |
//             | 0 -1  1  0 |                               | 1/2 -1/2  1/2 |
//             | 0  1  0 -1 |                               |  0    0    1  |
#pragma once

#include <cstddef>

namespace inkling::kernels {

inline constexpr int kWinogradPlaces = 16;

// Where a row of tiles of y goes: `rows` (1 or 2) by `columns` pixels of it exist.
struct WinogradOutput {
  float* y;
  ptrdiff_t row_stride;  // floats
  int rows, columns;
  const float* bias;  // [channels] or null
  bool accumulate;    // add to y
  bool relu;
};

struct WinogradKernels {
  // B' x B of `tiles` patches side by side, two pixels apart; x: the first patch's first pixel.
  void (*input)(const float* x, ptrdiff_t row_stride, ptrdiff_t tiles, ptrdiff_t channels, float* v,
                ptrdiff_t plane) noexcept;
  // A' m A of `tiles` tiles.
  void (*output)(const float* m, ptrdiff_t plane, ptrdiff_t tiles, ptrdiff_t channels,
                 const WinogradOutput& out) noexcept;
  // A dy A', the transpose of output, of `tiles` 2x2 tiles: what a weight gradient multiplies.
  void (*spread)(const float* dy, ptrdiff_t row_stride, ptrdiff_t tiles, ptrdiff_t channels,
                 float* z, ptrdiff_t plane) noexcept;
};

}  // namespace inkling::kernels

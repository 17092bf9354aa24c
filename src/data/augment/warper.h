// One image at a time changed by an AugmentDraw and normalised, straight into a batch: what
// augmentation (augment.h), the views of test-time augmentation (eval/predict.h) and the
// measurement of robustness (corrupt.h) share. Not what to draw (augment_draw.h).
//
// A channel is thickened or thinned, sampled once through one map of places (affine, perspective
// and elastic together, bilinear, background outside), multiplied, made noisy, normalised and
// partly erased. Nothing is rounded to bytes on the way.
//
// Elastic distortion is Simard, Steinkraus and Platt's (ICDAR 2003, section 2): displacements
// uniform in (-1, 1) pixel at every pixel, smoothed by a Gaussian of `sigma` pixels whose weights
// sum to 1 (cut at 3 sigma), times `alpha`. The field goes on beyond the image's edge rather than
// fading there, so a displacement's root mean square is alpha / (sigma sqrt(12 pi)) everywhere.
//
//   Warper warper(dataset, statistics, *variant.warp);
//   warper.warp({.rotation = 5}, index, out, row_stride);
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/aligned_buffer.h"
#include "data/augment/augment_draw.h"
#include "data/dataset.h"
#include "data/pixel_statistics.h"
#include "kernels/warp.h"

namespace inkling {

// Owns what one thread works in: each thread needs one of its own.
class Warper {
 public:
  // Dataset and kernels must outlive the warper. elastic_sigma: pixels; 0 where no draw bends.
  Warper(const Dataset& dataset, const PixelStatistics& statistics,
         const kernels::WarpKernels& kernels, double elastic_sigma = 0);

  // Image `index` changed by `draw`. out: rows of width·channels floats, row_stride floats apart.
  // The caller owes an index below dataset.size(), elastic_alpha 0 without elastic_sigma, and
  // stroke 0 where pixels are floats. Allocates nothing.
  void warp(const AugmentDraw& draw, uint32_t index, float* out, std::ptrdiff_t row_stride);

 private:
  void bend(uint32_t key);
  const uint8_t* stroked(double stroke);
  template <typename Pixel>
  void load_channel(const Pixel* image, Pixel* plane) const;
  void interleave(float* out, std::ptrdiff_t row_stride) const;
  void erase(const AugmentDraw& draw, float* out, std::ptrdiff_t row_stride) const;

  const Dataset* dataset_;
  const kernels::WarpKernels* kernels_;
  int height_, width_, channels_;
  float scale_, offset_;  // of a grey level: out = scale v + offset
  std::ptrdiff_t source_stride_, quad_stride_;
  std::vector<float> taps_;  // of the Gaussian, [2 radius + 1]

  // One channel, pixel (0, 0) at (1, 1): [height + 3, width + 3] of bytes or of floats.
  AlignedBuffer<uint8_t> bytes_, stroked_;
  AlignedBuffer<float> floats_;
  AlignedBuffer<uint32_t> quads_;           // of bytes, [height + 2, quad_stride]
  AlignedBuffer<float> noise_x_, noise_y_;  // [height + 2 radius, width + 2 radius]
  AlignedBuffer<float> across_;             // [height + 2 radius, width]
  AlignedBuffer<float> dx_, dy_;            // [height, width]
  AlignedBuffer<float> plane_;              // [height, width], where there are several channels
};

}  // namespace inkling

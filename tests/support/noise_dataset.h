// What tests of warping and augmentation work on: blank images, noise, and kernels to change them.
#pragma once

#include <cstdint>

#include "base/random.h"
#include "data/dataset.h"
#include "data/pixel_statistics.h"
#include "kernels/variant.h"

namespace inkling {

// Normalised by these, a pixel is its grey level.
inline constexpr PixelStatistics kGrey{.mean = 0, .sd = 1.0 / 255};
inline constexpr PixelStatistics kDigits{.mean = 0.1307, .sd = 0.3081};

inline const kernels::WarpKernels& best_kernels() { return *kernels::choose_variant("")->warp; }

inline Dataset blank_dataset(int height, int width, int channels, uint32_t images = 1) {
  Dataset dataset;
  dataset.height = height;
  dataset.width = width;
  dataset.channels = channels;
  dataset.classes = 2;
  dataset.labels.resize(images);
  dataset.bytes().resize(images * dataset.image_size());
  return dataset;
}

inline Dataset noise_dataset(int height, int width, int channels, uint32_t images) {
  Dataset dataset = blank_dataset(height, width, channels, images);
  Random random(5);
  for (uint8_t& pixel : dataset.bytes()) pixel = static_cast<uint8_t>(random.bits());
  return dataset;
}

}  // namespace inkling

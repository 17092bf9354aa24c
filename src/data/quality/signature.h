// An image in a few dozen numbers: its brightness over a coarse grid. What neighbour searches and
// outlier tests compare instead of pixels.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "data/dataset.h"

namespace inkling {

// The median of the border pixels of all images of all sets: 0 for MNIST, 255 for ink on paper.
uint8_t background_of(std::span<const Dataset* const> sets);

class SignatureGrid {
 public:
  static constexpr int kSide = 7;  // cells a side; fewer where the image has fewer pixels

  explicit SignatureGrid(const Dataset& dataset);

  size_t size() const { return scale_.size(); }
  // out: [size()] f32. Cell c is Σ |v - background| / 255 over its pixels and channels, divided by
  // the root of their number: a projection on orthonormal directions, so that two signatures are
  // never further apart than their images.
  void compute(std::span<const uint8_t> image, uint8_t background, float* out) const;

 private:
  std::vector<uint16_t> cell_of_;  // [height, width, channels]
  std::vector<float> scale_;       // [cells]: 1 / (255 sqrt(pixels))
};

// [set.size(), size()] f32.
std::vector<float> signatures_of(const Dataset& set, uint8_t background);

}  // namespace inkling

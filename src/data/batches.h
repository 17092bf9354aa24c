// From pixels to a network's input: chosen images as normalised floats, and the order in which an
// epoch visits them. Not augmentation.
//
//   BatchAssembler assembler(dataset, pixel_statistics(dataset, split.train));
//   std::vector<uint32_t> order = epoch_order(split.train, seed, epoch);
//   assembler.assemble(std::span(order).subspan(first, batch), x);
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "data/dataset.h"
#include "data/pixel_statistics.h"

namespace inkling {

// table[v] = (v/255 − mean)/sd, computed in double and rounded once. An sd of 0 (every pixel alike)
// counts as 1.
std::array<float, 256> normalisation_table(const PixelStatistics& statistics);

// The same of a float pixel, its grey level taken to 1/16384. k/255 differs from level k by less,
// rounded to f32 or multiplied by 1/255 in it, and so gives table[k] exactly.
float normalised(float grey, const PixelStatistics& statistics);

// Any number of threads may call one, on disjoint outputs.
class BatchAssembler {
 public:
  // The dataset must outlive the assembler.
  BatchAssembler(const Dataset& dataset, const PixelStatistics& statistics);

  // Writes image i of `indices`, row y, to out + i·image_stride + y·row_stride: width·channels
  // floats, channels last. Strides are in floats; whatever lies between rows and images is left
  // alone. The caller owes indices below dataset.size(), and room. Allocates nothing.
  void assemble(std::span<const uint32_t> indices, float* out, std::ptrdiff_t image_stride,
                std::ptrdiff_t row_stride) const;
  // out: [n, height, width, channels] f32 without gaps.
  void assemble(std::span<const uint32_t> indices, float* out) const;

  // out: [n], the labels of the same images. The caller owes a labelled dataset.
  void gather_labels(std::span<const uint32_t> indices, uint8_t* out) const;

 private:
  const Dataset& dataset_;
  PixelStatistics statistics_;
  std::array<float, 256> table_;
};

// `indices` shuffled for this epoch; every (seed, epoch) has its own order, whatever ran before.
std::vector<uint32_t> epoch_order(std::span<const uint32_t> indices, uint64_t seed, int epoch);

}  // namespace inkling

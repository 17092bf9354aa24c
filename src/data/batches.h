// From bytes to what a network eats: chosen images as normalised floats, and the order in which an
// epoch visits them. Not augmentation, and no threads of its own: calls are const and may run side
// by side on disjoint outputs.
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

class BatchAssembler {
 public:
  // The dataset must outlive the assembler.
  BatchAssembler(const Dataset& dataset, const PixelStatistics& statistics);

  // Writes image i of `indices`, row y, to out + i·image_stride + y·row_stride: width·channels
  // floats, channels last. Strides are in floats; whatever lies between rows and images is left
  // alone. The caller owes indices below dataset.size(), and room.
  void assemble(std::span<const uint32_t> indices, float* out, size_t image_stride,
                size_t row_stride) const;
  // out: [n, height, width, channels] f32 without gaps.
  void assemble(std::span<const uint32_t> indices, float* out) const;

  // out: [n], the labels of the same images.
  void gather_labels(std::span<const uint32_t> indices, uint8_t* out) const;

 private:
  const Dataset& dataset_;
  std::array<float, 256> table_;
};

// `indices` shuffled for this epoch; every (seed, epoch) has its own order, whatever ran before.
std::vector<uint32_t> epoch_order(std::span<const uint32_t> indices, uint64_t seed, int epoch);

}  // namespace inkling

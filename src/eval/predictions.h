// A classifier over a data set: the probabilities everything else in eval is computed from.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "data/dataset.h"
#include "data/pixel_statistics.h"
#include "nn/network.h"

namespace inkling {

// Throws Error, naming both, if the network reads images of another size or knows fewer classes
// than the data set has.
void expect_fit(const Architecture& net, const Dataset& dataset);

// [indices, classes] f32. The pixels are normalised by `statistics`, the model's own.
std::vector<float> predict_dataset(Classifier& classifier, const Dataset& dataset,
                                   std::span<const uint32_t> indices,
                                   const PixelStatistics& statistics);

// What a network said of the judged images.
struct Answers {
  std::vector<uint32_t> indices;     // [n] of the images in their data set
  std::vector<uint8_t> labels;       // [n]
  std::vector<float> probabilities;  // [n, classes]
  double seconds = 0;                // the network took
};
Answers answers_on(Classifier& classifier, const Dataset& dataset,
                   std::span<const uint32_t> indices, const PixelStatistics& statistics);

// 0 … n-1.
std::vector<uint32_t> all_indices(size_t n);

}  // namespace inkling

// Mean and standard deviation of the grey, 0 … 1, over chosen images: of bytes, pixel/255, exact,
// counted in integers, so that the order of images does not show; of floats in double. A network's
// input is (grey − mean)/sd with the numbers of its training split (batches.h); an sd of 0 counts
// as 1 (base/standardise.h).
#pragma once

#include <cstdint>
#include <span>

#include "base/standardise.h"
#include "data/dataset.h"

namespace inkling {

struct PixelStatistics {
  double mean = 0;  // 0 … 1
  double sd = 1;    // population standard deviation; 0 where every pixel is alike

  // What is divided by: sd, or 1 where that is 0.
  double divisor() const { return sd_divisor(sd); }
  double normalised(double grey) const { return (grey - mean) / divisor(); }
};

// Over all channels together. The caller owes at least one index, each below dataset.size().
PixelStatistics pixel_statistics(const Dataset& dataset, std::span<const uint32_t> indices);
PixelStatistics pixel_statistics(const Dataset& dataset);  // over every image

}  // namespace inkling

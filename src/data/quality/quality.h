// What can be said of a dataset's images without a model: counts, brightness, images that are
// empty, overexposed or off their place. Label balance and the comparison of two splits are in
// drift.h, copies in duplicates.h, odd ones out in outliers.h.
//
//   const SplitQuality train = measure_quality(dataset, background_of(sets));
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "data/dataset.h"
#include "data/pixel_statistics.h"

namespace inkling {

// An image is blank when its darkest and brightest sample are less than this far apart: a tenth of
// the range, which no pen leaves and sensor noise does not reach.
inline constexpr int kBlankRange = 26;  // of 255
// Saturated: more than this fraction of its samples at 255, where detail is lost (a filled digit of
// MNIST has a tenth).
inline constexpr double kSaturatedFraction = 0.5;
// Off centre: the centre of mass of its ink further than this fraction of the image's side from the
// middle. MNIST's digits, centred by mass, stay below 0.04.
inline constexpr double kOffCentreFraction = 0.12;

struct SplitQuality {
  int n = 0;
  std::vector<int> per_class;                          // [classes]
  PixelStatistics pixels;                              // mean and deviation of v / 255
  std::array<uint64_t, 256> histogram{};               // samples by value
  std::vector<uint32_t> blank, saturated, off_centre;  // indices, ascending; blank ones only there
  std::vector<double> mean_image;                      // [height, width, channels], 0 … 255
  std::vector<std::vector<double>> class_means;        // [classes][...]; empty for an absent class
};

// Where the ink of an image lies, in pixels from the image's middle, y down. Ink is the distance
// from the background value, noise below kBlankRange not counted; without ink the middle.
struct InkCentre {
  double x = 0, y = 0;
};
InkCentre ink_centre(const Dataset& dataset, uint32_t index, uint8_t background);

// The caller owes at least one image. Throws Error (input) naming the dataset if it is unlabelled
// or its pixels are floats.
SplitQuality measure_quality(const Dataset& dataset, uint8_t background);

}  // namespace inkling

#include "data/quality/quality.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "base/check.h"
#include "base/index.h"

namespace inkling {
namespace {

struct Extremes {
  int low = 255, high = 0;
  int full = 0;  // samples at 255
};

Extremes extremes_of(std::span<const uint8_t> image) {
  Extremes extremes;
  for (const uint8_t v : image) {
    extremes.low = std::min<int>(extremes.low, v);
    extremes.high = std::max<int>(extremes.high, v);
    extremes.full += v == 255 ? 1 : 0;
  }
  return extremes;
}

bool is_off_centre(const Dataset& dataset, uint32_t index, uint8_t background) {
  const InkCentre centre = ink_centre(dataset, index, background);
  return std::fabs(centre.x) > kOffCentreFraction * dataset.width ||
         std::fabs(centre.y) > kOffCentreFraction * dataset.height;
}

// Sums by class become means by class and over all.
void fill_means(const std::vector<std::vector<double>>& sums, SplitQuality& quality) {
  const size_t pixels = sums.front().size();
  quality.mean_image.assign(pixels, 0);
  quality.class_means.resize(sums.size());
  for (size_t c = 0; c < sums.size(); ++c) {
    if (quality.per_class[c] == 0) continue;
    for (const double sum : sums[c]) {
      quality.class_means[c].push_back(sum / quality.per_class[c]);
    }
    for (size_t p = 0; p < pixels; ++p) {
      quality.mean_image[p] += sums[c][p] / quality.n;
    }
  }
}

}  // namespace

InkCentre ink_centre(const Dataset& dataset, uint32_t index, uint8_t background) {
  const std::span<const uint8_t> image = dataset.image(index);
  double ink = 0, along_x = 0, along_y = 0;
  size_t at = 0;
  for (int y = 0; y < dataset.height; ++y) {
    for (int x = 0; x < dataset.width; ++x) {
      for (int c = 0; c < dataset.channels; ++c, ++at) {
        const int value = std::abs(image[at] - background);
        if (value < kBlankRange) continue;
        ink += value;
        along_x += 1.0 * value * x;
        along_y += 1.0 * value * y;
      }
    }
  }
  if (ink == 0) return {};
  return {.x = along_x / ink - 0.5 * (dataset.width - 1),
          .y = along_y / ink - 0.5 * (dataset.height - 1)};
}

SplitQuality measure_quality(const Dataset& dataset, uint8_t background) {
  INKLING_CHECK(dataset.size() > 0);
  expect_labels(dataset);
  SplitQuality quality;
  quality.n = narrow<int>(dataset.size());
  quality.per_class.resize(narrow<size_t>(dataset.classes));
  quality.pixels = pixel_statistics(dataset);
  std::vector<std::vector<double>> sums(quality.per_class.size(),
                                        std::vector<double>(dataset.image_size()));
  for (uint32_t i = 0; i < dataset.size(); ++i) {
    const std::span<const uint8_t> image = dataset.image(i);
    const size_t label = dataset.labels[i];
    INKLING_CHECK(label < sums.size());
    ++quality.per_class[label];
    for (size_t p = 0; p < image.size(); ++p) {
      sums[label][p] += image[p];
      ++quality.histogram[image[p]];
    }
    const Extremes extremes = extremes_of(image);
    if (extremes.high - extremes.low < kBlankRange) {
      quality.blank.push_back(i);
      continue;
    }
    if (extremes.full > kSaturatedFraction * count_of(image)) quality.saturated.push_back(i);
    if (is_off_centre(dataset, i, background)) quality.off_centre.push_back(i);
  }
  fill_means(sums, quality);
  return quality;
}

}  // namespace inkling

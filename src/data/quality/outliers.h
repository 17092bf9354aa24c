// Images unlike the rest of their class, by Mahalanobis' distance of their signatures
// (signature.h): a cheap look that finds smears, noise, inverted and cut-off images. Whether a
// label is wrong is asked of a trained model instead (eval/data_report/confident_learning.h).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "data/dataset.h"

namespace inkling {

struct Outlier {
  uint32_t index = 0;
  uint8_t label = 0;
  double z = 0;  // robust z of the distance: (d - median) / (1.4826 median absolute deviation)
};

// By chance, among 100,000 images of normally distributed distances, none is expected beyond 4.3.
// Real distances have heavier tails; at 6 MNIST shows about one image in a thousand.
inline constexpr double kOutlierZ = 6;

// Every image beyond `threshold`, farthest first. Blank images (ascending indices) stand aside:
// they are reported as such. Classes of fewer than kSmallestClass images have no tail to speak of
// and give none.
inline constexpr int kSmallestClass = 20;
std::vector<Outlier> find_outliers(const Dataset& dataset, std::span<const uint32_t> blank,
                                   uint8_t background, double threshold = kOutlierZ);

}  // namespace inkling

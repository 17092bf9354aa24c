// Predictions of a made-up classifier whose calibration is known: labels are drawn from its
// probabilities, which are then sharpened (over-confident) or flattened.
#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

#include "base/random.h"

namespace inkling {

struct ConfidentPredictions {
  int classes = 0;
  std::vector<float> probabilities;  // [images, classes]
  std::vector<uint8_t> labels;
};

struct ConfidentPredictionsOptions {
  int images = 1000;
  int classes = 5;
  double sharpened = 1;  // logits are multiplied by it after the labels were drawn: 1 is calibrated
  uint64_t seed = 1;
};

inline ConfidentPredictions confident_predictions(const ConfidentPredictionsOptions& options) {
  ConfidentPredictions set{.classes = options.classes, .probabilities = {}, .labels = {}};
  const auto width = static_cast<size_t>(options.classes);
  for (int i = 0; i < options.images; ++i) {
    Random random(options.seed, 0, static_cast<uint64_t>(i));
    std::vector<double> logits(width);
    for (double& z : logits) z = 2.2 * random.normal();
    const auto exponentials = [&](double factor) {
      std::vector<double> p;
      double sum = 0;
      for (const double z : logits) sum += p.emplace_back(std::exp(factor * z));
      for (double& x : p) x /= sum;
      return p;
    };
    double at = random.uniform();
    size_t label = 0;
    for (const std::vector<double> p = exponentials(1); label + 1 < width && at >= p[label];) {
      at -= p[label++];
    }
    set.labels.push_back(static_cast<uint8_t>(label));
    for (const double x : exponentials(options.sharpened)) {
      set.probabilities.push_back(static_cast<float>(x));
    }
  }
  return set;
}

}  // namespace inkling

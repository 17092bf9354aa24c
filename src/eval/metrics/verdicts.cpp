#include "eval/metrics/verdicts.h"

#include <algorithm>
#include <cstddef>

#include "base/error.h"
#include "base/index.h"

namespace inkling {

int predicted_class(std::span<const float> probabilities) {
  return narrow<int>(std::ranges::max_element(probabilities) - probabilities.begin());
}

void expect_sound(std::span<const float> probabilities, std::span<const uint8_t> labels,
                  int classes) {
  const auto width = narrow<size_t>(classes);
  if (labels.empty()) throw input_error("metrics: expected at least one image, found 0");
  if (probabilities.size() != labels.size() * width) {
    throw input_error("metrics: expected {} probabilities for {} images of {} classes, found {}",
                      labels.size() * width, labels.size(), classes, probabilities.size());
  }
  for (size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] >= classes) {
      throw input_error("metrics: expected labels from 0 to {}, found {} at index {}", classes - 1,
                        labels[i], i);
    }
  }
  for (size_t i = 0; i < probabilities.size(); ++i) {
    // A softmax may round a hair above one.
    if (!(probabilities[i] >= 0 && probabilities[i] <= 1.0001F)) {
      throw input_error("metrics: expected probabilities from 0 to 1, found {} for image {}",
                        probabilities[i], i / width);
    }
  }
}

std::vector<Verdict> verdicts_of(std::span<const float> probabilities,
                                 std::span<const uint8_t> labels, int classes) {
  expect_sound(probabilities, labels, classes);
  std::vector<Verdict> verdicts;
  verdicts.reserve(labels.size());
  for (size_t i = 0; i < labels.size(); ++i) {
    const std::span<const float> row = row_of(probabilities, i, classes);
    const int guess = predicted_class(row);
    verdicts.push_back({at(row, guess), guess == labels[i]});
  }
  return verdicts;
}

}  // namespace inkling

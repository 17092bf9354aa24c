// How well a classifier does: everything that follows from its probabilities and the true labels.
// Needs no network. Text is made in metrics_text.h, JSON in metrics_json.h.
//
//   Metrics m = compute_metrics(probabilities, dataset.labels, dataset.classes);
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "eval/wilson.h"

namespace inkling {

// Zero where undefined (no such prediction, no such label), as sklearn with zero_division=0.
struct ClassMetrics {
  double precision = 0, recall = 0, f1 = 0;
  int64_t support = 0;    // images whose true class this is
  int64_t predicted = 0;  // images said to be of this class
};

struct Averages {
  double precision = 0, recall = 0, f1 = 0;
};

struct Metrics {
  int64_t n = 0;
  int classes = 0;
  int64_t correct = 0;
  double accuracy = 0;
  Interval accuracy_ci95;  // Wilson
  double loss = 0;         // mean of −ln(p of the true class), p clamped to at least 1e-12
  Averages macro;          // over classes that occur among labels or predictions, as sklearn
  std::vector<ClassMetrics> per_class;          // [classes]
  std::vector<std::vector<int64_t>> confusion;  // [true class][predicted class]
  double ece = 0;  // expected calibration error of the top probability, 15 bins of equal mass
};

// The predicted class of one image: the largest probability, the lowest class among equals.
int predicted_class(std::span<const float> probabilities);

// probabilities: [N, classes] f32, rows summing to one; labels: [N], each below `classes`. Throws
// Error if N is 0, if the sizes do not fit, if a label is not below `classes`, or if a probability
// is not within [0, 1] (NaN: the network diverged).
Metrics compute_metrics(std::span<const float> probabilities, std::span<const uint8_t> labels,
                        int classes);

}  // namespace inkling

// How well a classifier does: everything that follows from its probabilities and the true labels.
// Needs no network. Text is made in metrics_text.h, JSON in metrics_json.h.
//
//   Metrics m = compute_metrics(probabilities, dataset.labels, dataset.classes);
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "eval/metrics/verdicts.h"
#include "stats/wilson.h"

namespace inkling {

// Zero where undefined (no such prediction, no such label), as sklearn with zero_division=0.
struct ClassMetrics {
  double precision = 0, recall = 0, f1 = 0;
  int support = 0;    // images whose true class this is
  int predicted = 0;  // images predicted to be of this class
};

struct Averages {
  double precision = 0, recall = 0, f1 = 0;
};

inline constexpr int kMaxTop = 5;

struct Metrics {
  int n = 0;  // images
  int classes = 0;
  int correct = 0;
  std::optional<int> refused;  // images of other classes taken for the reject class; of a model
                               // without one none
  double accuracy = 0;
  Interval accuracy_ci95;  // Wilson
  double loss = 0;         // mean of −ln(p of the true class), p clamped to at least 1e-12
  Averages macro;          // over classes that occur among labels or predictions, as sklearn; the
                           // reject class excepted
  Averages weighted;       // every class weighs as its fraction of the labels
  // [k - 1]: fraction of images whose true class is among the k most probable, lower classes first
  // among equals; k up to kMaxTop, or the number of classes.
  std::vector<double> top_k;
  std::vector<ClassMetrics> per_class;      // [classes]
  std::vector<std::vector<int>> confusion;  // [true class][predicted class]
  double ece = 0;                           // calibration.h
};

// The arguments and what is thrown are expect_sound's (verdicts.h). `refuses`: the last class is
// the reject class.
Metrics compute_metrics(std::span<const float> probabilities, std::span<const uint8_t> labels,
                        int classes, bool refuses = false);

}  // namespace inkling

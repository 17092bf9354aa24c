#include "eval/data_report/confident_learning.h"

#include <algorithm>

#include "base/check.h"
#include "base/index.h"
#include "eval/metrics/metrics.h"

namespace inkling {
namespace {

std::vector<double> mean_self_confidence(std::span<const float> probabilities,
                                         std::span<const uint8_t> labels, size_t classes) {
  std::vector<double> sums(classes);
  std::vector<int> counts(classes);
  for (size_t i = 0; i < labels.size(); ++i) {
    INKLING_CHECK(labels[i] < classes);
    sums[labels[i]] += probabilities[i * classes + labels[i]];
    ++counts[labels[i]];
  }
  for (size_t c = 0; c < classes; ++c) {
    sums[c] = counts[c] == 0 ? 1 : sums[c] / counts[c];
  }
  return sums;
}

// The class an image confidently belongs to, or -1. The lowest class among equals.
int confident_class(std::span<const float> row, const std::vector<double>& thresholds) {
  int best = -1;
  for (int c = 0; c < count_of(row); ++c) {
    if (at(row, c) < at(thresholds, c)) continue;
    if (best < 0 || at(row, c) > at(row, best)) best = c;
  }
  return best;
}

// Each row of the joint scaled to the number of labels it stands for (the paper's equation 3).
double noise_of(const std::vector<std::vector<int>>& joint, std::span<const uint8_t> labels) {
  std::vector<int> counts(joint.size());
  for (const uint8_t label : labels) ++counts[label];
  double wrong = 0, all = 0;
  for (size_t i = 0; i < joint.size(); ++i) {
    double row = 0;
    for (const int count : joint[i]) row += count;
    if (row == 0) continue;
    wrong += (row - joint[i][i]) / row * counts[i];
    all += counts[i];
  }
  return all == 0 ? 0 : wrong / all;
}

}  // namespace

ConfidentLearning find_suspects(std::span<const float> probabilities,
                                std::span<const uint8_t> labels, int classes) {
  const auto k = narrow<size_t>(classes);
  INKLING_CHECK(!labels.empty() && probabilities.size() == labels.size() * k);
  ConfidentLearning found;
  found.thresholds = mean_self_confidence(probabilities, labels, k);
  found.joint.assign(k, std::vector<int>(k));
  for (uint32_t i = 0; i < labels.size(); ++i) {
    const std::span<const float> row = row_of(probabilities, i, classes);
    const int confident = confident_class(row, found.thresholds);
    const uint8_t given = labels[i];
    if (confident >= 0) ++at(found.joint[given], confident);
    const bool off_diagonal = confident >= 0 && confident != given;
    const int suggested = off_diagonal ? confident : predicted_class(row);
    if (suggested == given) continue;
    found.confident += off_diagonal ? 1 : 0;
    found.suspects.push_back({.index = i,
                              .given = given,
                              .suggested = narrow<uint8_t>(suggested),
                              .score = double{at(row, suggested)} - double{row[given]},
                              .confident = off_diagonal});
  }
  std::stable_sort(found.suspects.begin(), found.suspects.end(),
                   [](const Suspect& a, const Suspect& b) { return a.score > b.score; });
  found.noise = noise_of(found.joint, labels);
  return found;
}

}  // namespace inkling

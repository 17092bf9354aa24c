#include "eval/metrics/metrics.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "base/check.h"
#include "base/index.h"
#include "eval/metrics/calibration.h"

namespace inkling {
namespace {

constexpr double kLeastProbability = 1e-12;  // a certain mistake costs 27.6, not infinity

double ratio(double part, double whole) { return whole > 0 ? part / whole : 0; }

void fill_per_class(Metrics& metrics) {
  Averages sum, weighted;
  int present = 0;
  for (size_t c = 0; c < metrics.per_class.size(); ++c) {
    ClassMetrics& m = metrics.per_class[c];
    const double hits = metrics.confusion[c][c];
    m.precision = ratio(hits, m.predicted);
    m.recall = ratio(hits, m.support);
    m.f1 = ratio(2 * hits, m.predicted + m.support);
    const double weight = 1.0 * m.support / metrics.n;
    weighted.precision += weight * m.precision;
    weighted.recall += weight * m.recall;
    weighted.f1 += weight * m.f1;
    if (metrics.refused && c + 1 == metrics.per_class.size()) continue;
    if (m.support == 0 && m.predicted == 0) continue;
    ++present;
    sum.precision += m.precision;
    sum.recall += m.recall;
    sum.f1 += m.f1;
  }
  const double n = std::max(1, present);  // 0 if all is of the reject class
  metrics.macro = {sum.precision / n, sum.recall / n, sum.f1 / n};
  metrics.weighted = weighted;
}

// How many classes are before the true one in order of probability.
size_t rank_of(std::span<const float> row, size_t truth) {
  size_t rank = 0;
  for (size_t c = 0; c < row.size(); ++c) {
    if (row[c] > row[truth] || (row[c] == row[truth] && c < truth)) ++rank;
  }
  return rank;
}

}  // namespace

Metrics compute_metrics(std::span<const float> probabilities, std::span<const uint8_t> labels,
                        int classes, bool refuses) {
  INKLING_CHECK(classes >= 1);
  std::vector<Verdict> verdicts = verdicts_of(probabilities, labels, classes);
  const auto width = narrow<size_t>(classes);
  Metrics metrics;
  metrics.n = count_of(labels);
  metrics.classes = classes;
  metrics.per_class.resize(width);
  metrics.confusion.assign(width, std::vector<int>(width));

  metrics.top_k.resize(std::min<size_t>(width, kMaxTop));
  double loss = 0;
  for (size_t i = 0; i < labels.size(); ++i) {
    const std::span<const float> row = row_of(probabilities, i, classes);
    const uint8_t truth = labels[i];
    const int guess = predicted_class(row);
    ++at(metrics.confusion[truth], guess);
    ++metrics.per_class[truth].support;
    ++at(metrics.per_class, guess).predicted;
    metrics.correct += truth == guess ? 1 : 0;
    loss -= std::log(std::max<double>(row[truth], kLeastProbability));
    for (size_t k = rank_of(row, truth); k < metrics.top_k.size(); ++k) ++metrics.top_k[k];
  }
  for (double& fraction : metrics.top_k) fraction /= metrics.n;
  metrics.accuracy = 1.0 * metrics.correct / metrics.n;
  metrics.accuracy_ci95 = wilson_interval95(metrics.correct, metrics.n);
  metrics.loss = loss / metrics.n;
  if (refuses)
    metrics.refused = metrics.per_class.back().predicted - metrics.confusion.back().back();
  fill_per_class(metrics);
  metrics.ece = calibration_error(std::move(verdicts));
  return metrics;
}

}  // namespace inkling

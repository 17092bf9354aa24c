#include "eval/metrics/metrics.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "base/check.h"
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
    const auto hits = static_cast<double>(metrics.confusion[c][c]);
    m.precision = ratio(hits, static_cast<double>(m.predicted));
    m.recall = ratio(hits, static_cast<double>(m.support));
    m.f1 = ratio(2 * hits, static_cast<double>(m.predicted + m.support));
    const double weight = static_cast<double>(m.support) / static_cast<double>(metrics.n);
    weighted.precision += weight * m.precision;
    weighted.recall += weight * m.recall;
    weighted.f1 += weight * m.f1;
    if (m.support == 0 && m.predicted == 0) continue;
    ++present;
    sum.precision += m.precision;
    sum.recall += m.recall;
    sum.f1 += m.f1;
  }
  metrics.macro = {sum.precision / present, sum.recall / present, sum.f1 / present};
  metrics.weighted = weighted;
}

// How many classes are before the true one in order of probability.
size_t rank_of(std::span<const float> row, size_t truth) {
  size_t rank = 0;
  for (size_t c = 0; c < row.size(); ++c) {
    rank += row[c] > row[truth] || (row[c] == row[truth] && c < truth) ? 1 : 0;
  }
  return rank;
}

}  // namespace

Metrics compute_metrics(std::span<const float> probabilities, std::span<const uint8_t> labels,
                        int classes) {
  INKLING_CHECK(classes >= 1);
  std::vector<Verdict> verdicts = verdicts_of(probabilities, labels, classes);
  const size_t n = labels.size();
  const size_t width = static_cast<size_t>(classes);
  Metrics metrics;
  metrics.n = static_cast<int64_t>(n);
  metrics.classes = classes;
  metrics.per_class.resize(width);
  metrics.confusion.assign(width, std::vector<int64_t>(width));

  metrics.top_k.resize(static_cast<size_t>(std::min(classes, kMaxTop)));
  double loss = 0;
  for (size_t i = 0; i < n; ++i) {
    const std::span<const float> row = probabilities.subspan(i * width, width);
    const size_t truth = labels[i];
    const size_t guess = static_cast<size_t>(predicted_class(row));
    ++metrics.confusion[truth][guess];
    ++metrics.per_class[truth].support;
    ++metrics.per_class[guess].predicted;
    metrics.correct += truth == guess ? 1 : 0;
    loss -= std::log(std::max<double>(row[truth], kLeastProbability));
    for (size_t k = rank_of(row, truth); k < metrics.top_k.size(); ++k) ++metrics.top_k[k];
  }
  for (double& fraction : metrics.top_k) fraction /= static_cast<double>(n);
  metrics.accuracy = static_cast<double>(metrics.correct) / static_cast<double>(n);
  metrics.accuracy_ci95 = wilson_interval95(metrics.correct, metrics.n);
  metrics.loss = loss / static_cast<double>(n);
  fill_per_class(metrics);
  metrics.ece = calibration_error(std::move(verdicts));
  return metrics;
}

}  // namespace inkling

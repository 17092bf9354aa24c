#include "eval/metrics.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>

#include "base/check.h"
#include "base/error.h"

namespace inkling {
namespace {

constexpr double kLeastProbability = 1e-12;  // a certain mistake costs 27.6, not infinity
constexpr size_t kCalibrationBins = 15;      // as Guo et al. 2017 (arXiv 1706.04599) count

void require_sound(std::span<const float> probabilities, std::span<const uint8_t> labels,
                   int classes) {
  if (labels.empty()) throw input_error("metrics: expected at least one image, found 0");
  if (probabilities.size() != labels.size() * static_cast<size_t>(classes)) {
    throw input_error("metrics: expected {} probabilities for {} images of {} classes, found {}",
                      labels.size() * static_cast<size_t>(classes), labels.size(), classes,
                      probabilities.size());
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
                        probabilities[i], i / static_cast<size_t>(classes));
    }
  }
}

double ratio(double part, double whole) { return whole > 0 ? part / whole : 0; }

void fill_per_class(Metrics& metrics) {
  Averages sum;
  int present = 0;
  for (size_t c = 0; c < metrics.per_class.size(); ++c) {
    ClassMetrics& m = metrics.per_class[c];
    const auto hits = static_cast<double>(metrics.confusion[c][c]);
    m.precision = ratio(hits, static_cast<double>(m.predicted));
    m.recall = ratio(hits, static_cast<double>(m.support));
    m.f1 = ratio(2 * hits, static_cast<double>(m.predicted + m.support));
    if (m.support == 0 && m.predicted == 0) continue;
    ++present;
    sum.precision += m.precision;
    sum.recall += m.recall;
    sum.f1 += m.f1;
  }
  metrics.macro = {sum.precision / present, sum.recall / present, sum.f1 / present};
}

struct Verdict {
  double confidence;
  bool correct;
};

// Σ over bins of |bin|/N · |accuracy − mean confidence|, bins of equal size by confidence.
double calibration_error(std::vector<Verdict> verdicts) {
  // Equal confidences keep the images' order, so the result is the same everywhere.
  std::stable_sort(verdicts.begin(), verdicts.end(),
                   [](const Verdict& a, const Verdict& b) { return a.confidence < b.confidence; });
  const size_t n = verdicts.size();
  double error = 0;
  for (size_t bin = 0; bin < kCalibrationBins; ++bin) {
    double confidence = 0, correct = 0;
    for (size_t i = n * bin / kCalibrationBins; i < n * (bin + 1) / kCalibrationBins; ++i) {
      confidence += verdicts[i].confidence;
      correct += verdicts[i].correct ? 1 : 0;
    }
    error += std::abs(correct - confidence);
  }
  return error / static_cast<double>(n);
}

}  // namespace

int predicted_class(std::span<const float> probabilities) {
  return static_cast<int>(std::max_element(probabilities.begin(), probabilities.end()) -
                          probabilities.begin());
}

Metrics compute_metrics(std::span<const float> probabilities, std::span<const uint8_t> labels,
                        int classes) {
  INKLING_CHECK(classes >= 1);
  require_sound(probabilities, labels, classes);
  const size_t n = labels.size();
  const size_t width = static_cast<size_t>(classes);
  Metrics metrics;
  metrics.n = static_cast<int64_t>(n);
  metrics.classes = classes;
  metrics.per_class.resize(width);
  metrics.confusion.assign(width, std::vector<int64_t>(width));

  std::vector<Verdict> verdicts;
  verdicts.reserve(n);
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
    verdicts.push_back({row[guess], truth == guess});
  }
  metrics.accuracy = static_cast<double>(metrics.correct) / static_cast<double>(n);
  metrics.accuracy_ci95 = wilson_interval95(metrics.correct, metrics.n);
  metrics.loss = loss / static_cast<double>(n);
  fill_per_class(metrics);
  metrics.ece = calibration_error(std::move(verdicts));
  return metrics;
}

}  // namespace inkling

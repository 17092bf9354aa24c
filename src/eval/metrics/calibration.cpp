#include "eval/metrics/calibration.h"

#include <algorithm>
#include <cmath>

#include "base/index.h"
#include "base/random.h"

namespace inkling {
namespace {

constexpr uint64_t kBootstrapStream = 0x626f6f74;  // "boot"
constexpr uint64_t kNullStream = 0x6e756c6c;       // "null"

// First image of a bin.
int bin_begin(int n, int bin) { return narrow<int>(int64_t{n} * bin / kCalibrationBins); }

// Equal confidences keep the images' order, so the result is the same everywhere.
void sort_by_confidence(std::vector<Verdict>& verdicts) {
  std::stable_sort(verdicts.begin(), verdicts.end(),
                   [](const Verdict& a, const Verdict& b) { return a.confidence < b.confidence; });
}

// ECE of a set that holds image i of `sorted` `times(i)` times, N in all; `correct(i)` says whether
// its prediction was right.
template <typename Times, typename Correct>
double error_of(std::span<const Verdict> sorted, Times times, Correct correct) {
  const int n = count_of(sorted);
  int bin = 0, end = bin_begin(n, 1), taken = 0;
  double gap = 0, error = 0;
  for (size_t i = 0; i < sorted.size(); ++i) {
    const double off = (correct(i) ? 1.0 : 0.0) - sorted[i].confidence;
    for (int left = times(i); left > 0;) {
      while (taken == end) {
        error += std::abs(gap);
        gap = 0;
        end = bin_begin(n, ++bin + 1);
      }
      const int take = std::min(left, end - taken);
      gap += take * off;
      taken += take;
      left -= take;
    }
  }
  return (error + std::abs(gap)) / n;
}

// Between the two nearest in order (Hyndman and Fan's definition 7, numpy's default).
double quantile(const std::vector<double>& sorted, double fraction) {
  const int last = count_of(sorted) - 1;
  const double place = fraction * last;
  const int below = static_cast<int>(place);
  const double low = at(sorted, below), high = at(sorted, std::min(below + 1, last));
  return low + (place - below) * (high - low);
}

Interval central95(std::vector<double>& values) {
  std::sort(values.begin(), values.end());
  return {.low = quantile(values, 0.025), .high = quantile(values, 0.975)};
}

std::vector<double> bootstrap_errors(std::span<const Verdict> sorted,
                                     const CalibrationOptions& options) {
  std::vector<double> errors;
  std::vector<int> times(sorted.size());
  for (int sample = 0; sample < options.resamples; ++sample) {
    Random random(options.seed, kBootstrapStream, narrow<uint64_t>(sample));
    std::ranges::fill(times, 0);
    for (size_t i = 0; i < sorted.size(); ++i) ++times[random.below(sorted.size())];
    errors.push_back(error_of(
        sorted, [&](size_t i) { return times[i]; }, [&](size_t i) { return sorted[i].correct; }));
  }
  return errors;
}

// Labels drawn from the probabilities: a prediction of confidence p is then right with probability
// p.
std::vector<double> null_errors(std::span<const Verdict> sorted,
                                const CalibrationOptions& options) {
  std::vector<double> errors;
  for (int sample = 0; sample < options.resamples; ++sample) {
    Random random(options.seed, kNullStream, narrow<uint64_t>(sample));
    errors.push_back(error_of(
        sorted, [](size_t) { return 1; },
        [&](size_t i) { return random.uniform() < sorted[i].confidence; }));
  }
  return errors;
}

std::vector<CalibrationBin> bins_of(std::span<const Verdict> sorted) {
  std::vector<CalibrationBin> bins;
  const int n = count_of(sorted);
  for (int b = 0; b < kCalibrationBins; ++b) {
    const int begin = bin_begin(n, b), end = bin_begin(n, b + 1);
    if (begin == end) continue;
    CalibrationBin bin{.n = end - begin,
                       .lowest = at(sorted, begin).confidence,
                       .highest = at(sorted, end - 1).confidence};
    int correct = 0;
    for (int i = begin; i < end; ++i) {
      bin.confidence += at(sorted, i).confidence / bin.n;
      correct += at(sorted, i).correct ? 1 : 0;
    }
    bin.accuracy = 1.0 * correct / bin.n;
    bin.accuracy_ci95 = wilson_interval95(correct, bin.n);
    bins.push_back(bin);
  }
  return bins;
}

double brier_score(std::span<const float> probabilities, std::span<const uint8_t> labels,
                   int classes) {
  const auto width = narrow<size_t>(classes);
  double sum = 0;
  for (size_t i = 0; i < probabilities.size(); ++i) {
    const double target = labels[i / width] == i % width ? 1 : 0;
    sum += (probabilities[i] - target) * (probabilities[i] - target);
  }
  return sum / count_of(labels);
}

}  // namespace

double calibration_error(std::vector<Verdict> verdicts) {
  sort_by_confidence(verdicts);
  return error_of(
      verdicts, [](size_t) { return 1; }, [&](size_t i) { return verdicts[i].correct; });
}

Calibration measure_calibration(std::span<const float> probabilities,
                                std::span<const uint8_t> labels, int classes,
                                const CalibrationOptions& options) {
  std::vector<Verdict> verdicts = verdicts_of(probabilities, labels, classes);
  sort_by_confidence(verdicts);
  Calibration result;
  for (const Verdict& verdict : verdicts) result.confidence += verdict.confidence;
  result.confidence /= count_of(verdicts);
  result.ece = calibration_error(verdicts);
  result.brier = brier_score(probabilities, labels, classes);
  result.bins = bins_of(verdicts);
  std::vector<double> resampled = bootstrap_errors(verdicts, options);
  const Interval spread = central95(resampled);
  result.ece_ci95 = {.low = std::max(0.0, 2 * result.ece - spread.high),
                     .high = std::max(0.0, 2 * result.ece - spread.low)};
  std::vector<double> null = null_errors(verdicts, options);
  for (const double error : null) result.ece_null += error / count_of(null);
  result.ece_null95 = central95(null);
  return result;
}

}  // namespace inkling

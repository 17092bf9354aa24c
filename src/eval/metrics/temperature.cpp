#include "eval/metrics/temperature.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>

#include "base/index.h"
#include "eval/metrics/calibration.h"
#include "eval/metrics/verdicts.h"

namespace inkling {
namespace {

constexpr double kSmallestProbability = 1e-38;

// ln p - ln of the row's largest: logits up to a constant, at most 0.
std::vector<double> centred_logits(std::span<const float> probabilities, size_t width) {
  std::vector<double> logits(probabilities.size());
  for (size_t begin = 0; begin < probabilities.size(); begin += width) {
    const auto row = probabilities.subspan(begin, width);
    const auto logarithm = [](double p) { return std::log(std::max(p, kSmallestProbability)); };
    const double largest = logarithm(*std::ranges::max_element(row));
    for (size_t c = 0; c < width; ++c) logits[begin + c] = logarithm(row[c]) - largest;
  }
  return logits;
}

struct LossAt {
  double loss = 0, slope = 0, curvature = 0;  // by beta = 1/T
};

// Mean over images of ln sum_c exp(beta z_c) - beta z_label; its derivatives are E[z] - z_label and
// Var[z] under the softmax.
LossAt loss_at(double beta, std::span<const double> logits, std::span<const uint8_t> labels,
               size_t width) {
  LossAt sum;
  for (size_t i = 0; i < labels.size(); ++i) {
    const double* z = logits.data() + i * width;
    double total = 0, first = 0, second = 0;
    for (size_t c = 0; c < width; ++c) {
      const double weight = std::exp(beta * z[c]);
      total += weight;
      first += weight * z[c];
      second += weight * z[c] * z[c];
    }
    const double mean = first / total;
    sum.loss += std::log(total) - beta * z[labels[i]];
    sum.slope += mean - z[labels[i]];
    sum.curvature += second / total - mean * mean;
  }
  const double n = count_of(labels);
  return {sum.loss / n, sum.slope / n, sum.curvature / n};
}

}  // namespace

TemperatureFit fit_temperature(std::span<const float> probabilities,
                               std::span<const uint8_t> labels, int classes) {
  expect_sound(probabilities, labels, classes);
  const auto width = narrow<size_t>(classes);
  const std::vector<double> logits = centred_logits(probabilities, width);
  const auto loss = [&](double beta) { return loss_at(beta, logits, labels, width); };

  // The minimum lies where the slope, which rises, is zero; each step narrows the bracket, and one
  // that Newton would take out of it becomes a halving.
  double low = 1 / kGreatestTemperature, high = 1 / kLeastTemperature, beta = 1;
  LossAt here = loss(beta);
  TemperatureFit fit{.n = std::ssize(labels), .loss_before = here.loss, .loss_after = here.loss};
  for (int step = 0; step < 60 && high - low > 1e-12 * beta && here.slope != 0; ++step) {
    (here.slope > 0 ? high : low) = beta;
    double next = here.curvature > 0 ? beta - here.slope / here.curvature : low;
    if (!(next > low && next < high)) next = (low + high) / 2;
    const bool settled = std::abs(next - beta) <= 1e-12 * beta;
    beta = next;
    here = loss(beta);
    if (settled) break;
  }
  if (here.loss < fit.loss_before) {
    fit.temperature = 1 / beta;
    fit.loss_after = here.loss;
  }
  return fit;
}

std::vector<double> at_temperature(std::span<const float> probabilities, int classes,
                                   double temperature) {
  const auto width = narrow<size_t>(classes);
  std::vector<double> scaled = centred_logits(probabilities, width);
  for (size_t begin = 0; begin < scaled.size(); begin += width) {
    double total = 0;
    for (size_t c = begin; c < begin + width; ++c) {
      total += scaled[c] = std::exp(scaled[c] / temperature);
    }
    for (size_t c = begin; c < begin + width; ++c) scaled[c] /= total;
  }
  return scaled;
}

TemperatureEffect measure_at_temperature(std::span<const float> probabilities,
                                         std::span<const uint8_t> labels, int classes,
                                         double temperature) {
  std::vector<Verdict> verdicts = verdicts_of(probabilities, labels, classes);
  const std::vector<double> scaled = at_temperature(probabilities, classes, temperature);
  const auto width = narrow<size_t>(classes);
  TemperatureEffect effect;
  for (size_t i = 0; i < labels.size(); ++i) {
    const std::span<const double> row(scaled.data() + i * width, width);
    verdicts[i].confidence = *std::ranges::max_element(row);
    effect.loss -= std::log(row[labels[i]]);
    for (size_t c = 0; c < width; ++c) {
      const double off = row[c] - (c == labels[i] ? 1 : 0);
      effect.brier += off * off;
    }
  }
  effect.loss /= count_of(labels);
  effect.brier /= count_of(labels);
  effect.ece = calibration_error(std::move(verdicts));
  return effect;
}

}  // namespace inkling

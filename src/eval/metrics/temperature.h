// Temperature scaling (Guo et al. 2017, arXiv 1706.04599): every logit divided by one number T, the
// one that makes the likelihood of held-out labels largest. T above 1 makes an over-confident
// network humbler. The order of the classes, hence the accuracy, stays.
//
//   TemperatureFit fit = fit_temperature(validation_probabilities, validation_labels, classes);
//   std::vector<double> p = at_temperature(test_probabilities, classes, fit.temperature);
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace inkling {

inline constexpr double kLeastTemperature = 0.05, kGreatestTemperature = 20;

struct TemperatureFit {
  double temperature = 1;
  int64_t n = 0;                           // images it was fitted on
  double loss_before = 0, loss_after = 0;  // mean -ln p(label) on them; after <= before
};

// Newton's method on 1/T, in which the loss is convex, kept within the bounds above: a set without
// mistakes would have T at 0. Arguments and errors as expect_sound (verdicts.h).
TemperatureFit fit_temperature(std::span<const float> probabilities,
                               std::span<const uint8_t> labels, int classes);

// softmax(ln p / T), which is softmax(logits / T): [N, classes] f64, so that no two probabilities
// that differed become equal. p is counted as at least 1e-38, what a softmax in f32 can hold.
std::vector<double> at_temperature(std::span<const float> probabilities, int classes,
                                   double temperature);

// What scaling does to an evaluated set.
struct TemperatureEffect {
  double loss = 0, ece = 0, brier = 0;
};
TemperatureEffect measure_at_temperature(std::span<const float> probabilities,
                                         std::span<const uint8_t> labels, int classes,
                                         double temperature);

}  // namespace inkling

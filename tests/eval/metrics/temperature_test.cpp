#include "eval/metrics/temperature.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "eval/metrics/calibration.h"
#include "support/confident_predictions.h"

namespace inkling {
namespace {

int argmax(const double* row, int classes) {
  return static_cast<int>(std::max_element(row, row + classes) - row);
}

TEST(Temperature, UndoesAKnownSharpening) {
  for (const double sharpened : {0.4, 1.0, 2.5}) {
    const ConfidentPredictions set =
        confident_predictions({.images = 20'000, .sharpened = sharpened});
    const TemperatureFit fit = fit_temperature(set.probabilities, set.labels, set.classes);
    EXPECT_NEAR(fit.temperature, sharpened, 0.03 * sharpened);
    EXPECT_EQ(fit.n, 20'000);
  }
}

TEST(Temperature, LowersTheLossAndTheCalibrationError) {
  const ConfidentPredictions set = confident_predictions({.images = 2000, .sharpened = 2});
  const ConfidentPredictions other =
      confident_predictions({.images = 2000, .sharpened = 2, .seed = 2});
  const TemperatureFit fit = fit_temperature(set.probabilities, set.labels, set.classes);
  EXPECT_LT(fit.loss_after, fit.loss_before - 0.01);
  const auto at = [&](double t) {
    return measure_at_temperature(other.probabilities, other.labels, other.classes, t);
  };
  EXPECT_LT(at(fit.temperature).loss, at(1).loss - 0.01);
  EXPECT_LT(at(fit.temperature).ece, at(1).ece / 2);
  EXPECT_LT(at(fit.temperature).brier, at(1).brier);
}

TEST(Temperature, IsTheMinimum) {
  const ConfidentPredictions set = confident_predictions({.images = 3000, .sharpened = 1.7});
  const TemperatureFit fit = fit_temperature(set.probabilities, set.labels, set.classes);
  const auto loss = [&](double t) {
    return measure_at_temperature(set.probabilities, set.labels, set.classes, t).loss;
  };
  EXPECT_NEAR(fit.loss_after, loss(fit.temperature), 1e-12);
  EXPECT_NEAR(fit.loss_before, loss(1), 1e-12);
  for (const double aside : {0.99, 1.01}) {
    EXPECT_LT(fit.loss_after, loss(fit.temperature * aside));
  }
}

TEST(Temperature, NeverChangesTheAnswers) {
  // With near ties: floats next to each other.
  ConfidentPredictions set = confident_predictions({.images = 500, .sharpened = 3});
  for (size_t i = 0; i < set.probabilities.size(); i += 5) {
    const float p = set.probabilities[i];
    set.probabilities[i + 1] = std::nextafter(p, 0.0F);
    set.probabilities[i + 2] = std::nextafter(p, 1.0F);
  }
  for (const double t : {0.05, 0.7, 1.0, 3.0, 20.0}) {
    const std::vector<double> scaled = at_temperature(set.probabilities, set.classes, t);
    for (size_t i = 0; i < set.labels.size(); ++i) {
      const std::span<const float> row(set.probabilities.data() + i * 5, 5);
      ASSERT_EQ(argmax(scaled.data() + i * 5, 5), predicted_class(row)) << "image " << i;
      ASSERT_NEAR(scaled[i * 5] + scaled[i * 5 + 1] + scaled[i * 5 + 2] + scaled[i * 5 + 3] +
                      scaled[i * 5 + 4],
                  1, 1e-12);
    }
  }
}

TEST(Temperature, OfAFaultlessSetStopsAtTheBound) {
  const std::vector<float> p{0.9F, 0.1F, 0.2F, 0.8F};
  const TemperatureFit fit = fit_temperature(p, std::vector<uint8_t>{0, 1}, 2);
  EXPECT_NEAR(fit.temperature, kLeastTemperature, 1e-6);
  EXPECT_LT(fit.loss_after, fit.loss_before);
}

TEST(Temperature, OfAnswersThatAreAlwaysWrongStopsAtTheOther) {
  const std::vector<float> p{1.0F, 0.0F, 0.0F, 1.0F};
  const TemperatureFit fit = fit_temperature(p, std::vector<uint8_t>{1, 0}, 2);
  EXPECT_NEAR(fit.temperature, kGreatestTemperature, 1e-3);
  EXPECT_TRUE(std::isfinite(fit.loss_after));
}

TEST(Temperature, OfUniformAnswersIsOne) {
  const TemperatureFit fit =
      fit_temperature(std::vector<float>{0.5F, 0.5F}, std::vector<uint8_t>{1}, 2);
  EXPECT_EQ(fit.temperature, 1);
}

}  // namespace
}  // namespace inkling

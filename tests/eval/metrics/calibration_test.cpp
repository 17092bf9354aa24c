#include "eval/metrics/calibration.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"
#include "support/confident_predictions.h"

namespace inkling {
namespace {

TEST(Calibration, PerfectlyCalibratedAnswersStayInsideTheNullInterval) {
  // Seeds 1 to 20: 95 % of them should be inside; fewer than 16 happens once in 3,000 times.
  int inside = 0;
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    const ConfidentPredictions set = confident_predictions({.images = 2000, .seed = seed});
    const Calibration c =
        measure_calibration(set.probabilities, set.labels, set.classes, {.resamples = 200});
    inside += c.ece >= c.ece_null95.low && c.ece <= c.ece_null95.high ? 1 : 0;
    EXPECT_NEAR(c.ece, c.ece_null, 0.02);
  }
  EXPECT_GE(inside, 16);
}

TEST(Calibration, OverConfidentAnswersLeaveTheNullInterval) {
  const ConfidentPredictions set = confident_predictions({.images = 2000, .sharpened = 2});
  const Calibration c = measure_calibration(set.probabilities, set.labels, set.classes);
  EXPECT_GT(c.ece, c.ece_null95.high);
  EXPECT_GT(c.ece_ci95.low, 0);
  EXPECT_LT(c.ece_ci95.low, c.ece);
  EXPECT_GT(c.ece_ci95.high, c.ece);
  double accuracy = 0;
  for (const CalibrationBin& bin : c.bins) {
    accuracy += bin.accuracy * static_cast<double>(bin.n) / 2000;
  }
  EXPECT_GT(c.confidence, accuracy + 0.02);
}

TEST(Calibration, UnderConfidentAnswersLeaveTheNullIntervalToo) {
  const ConfidentPredictions set = confident_predictions({.images = 2000, .sharpened = 0.5});
  const Calibration c = measure_calibration(set.probabilities, set.labels, set.classes);
  EXPECT_GT(c.ece, c.ece_null95.high);
}

TEST(Calibration, IntervalsHoldTheTrueErrorOfKnownMiscalibration) {
  // The true error of these confidences, from a set a hundred times as large.
  const auto of = [](int images, uint64_t seed) {
    return confident_predictions({.images = images, .sharpened = 1.6, .seed = seed});
  };
  const ConfidentPredictions large = of(200'000, 99);
  const double truth =
      calibration_error(verdicts_of(large.probabilities, large.labels, large.classes));
  int covered = 0;
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    const ConfidentPredictions set = of(2000, seed);
    const Calibration c =
        measure_calibration(set.probabilities, set.labels, set.classes, {.resamples = 200});
    covered += c.ece_ci95.low <= truth && truth <= c.ece_ci95.high ? 1 : 0;
  }
  EXPECT_GE(covered, 15);
}

TEST(Calibration, NearTheNullTheIntervalGivesTheBiasBack) {
  // The true error is 0: a percentile interval would begin near `ece` itself.
  for (uint64_t seed = 1; seed <= 5; ++seed) {
    const ConfidentPredictions set = confident_predictions({.images = 2000, .seed = seed});
    const Calibration c =
        measure_calibration(set.probabilities, set.labels, set.classes, {.resamples = 200});
    EXPECT_LT(c.ece_ci95.low, 0.5 * c.ece);
    EXPECT_LT(c.ece_ci95.high, 1.5 * c.ece);
  }
}

TEST(Calibration, NullIsTheMeanDeviationOfABinomial) {
  // 15 bins of 100 answers, all 0.75 sure: the mean of |B(100, 0.75) - 75| / 100, which is
  // 2 * 75 * P(B(100, 0.75) = 75) * 0.25 / 100 (De Moivre), 0.0344.
  std::vector<float> rows;
  for (int i = 0; i < 1500; ++i) rows.insert(rows.end(), {0.75F, 0.25F});
  const Calibration c = measure_calibration(rows, std::vector<uint8_t>(1500, 0), 2);
  EXPECT_NEAR(c.ece_null, 0.0344, 0.0006);
  EXPECT_LT(c.ece_null95.low, c.ece_null);
  EXPECT_GT(c.ece_null95.high, c.ece_null);
}

TEST(Calibration, IsTheSameForTheSameSeed) {
  const ConfidentPredictions set = confident_predictions({.images = 300});
  const auto measured = [&](uint64_t seed) {
    return measure_calibration(set.probabilities, set.labels, set.classes,
                               {.resamples = 100, .seed = seed});
  };
  EXPECT_EQ(measured(3).ece_ci95.low, measured(3).ece_ci95.low);
  EXPECT_EQ(measured(3).ece_null95.high, measured(3).ece_null95.high);
  EXPECT_NE(measured(3).ece_ci95.low, measured(4).ece_ci95.low);
  EXPECT_NE(measured(3).ece_null95.high, measured(4).ece_null95.high);
}

TEST(Calibration, BinsHoldEveryImageInOrderOfConfidence) {
  const ConfidentPredictions set = confident_predictions({.images = 1003});
  const Calibration c = measure_calibration(set.probabilities, set.labels, set.classes);
  ASSERT_EQ(c.bins.size(), size_t{kCalibrationBins});
  int64_t n = 0;
  double error = 0;
  for (size_t b = 0; b < c.bins.size(); ++b) {
    const CalibrationBin& bin = c.bins[b];
    n += bin.n;
    EXPECT_NEAR(double(bin.n), 1003.0 / kCalibrationBins, 1);
    EXPECT_LE(bin.lowest, bin.confidence + 1e-12);
    EXPECT_LE(bin.confidence, bin.highest + 1e-12);
    if (b > 0) {
      EXPECT_LE(c.bins[b - 1].highest, bin.lowest);
    }
    EXPECT_LE(bin.accuracy_ci95.low, bin.accuracy);
    EXPECT_GE(bin.accuracy_ci95.high, bin.accuracy);
    error += static_cast<double>(bin.n) / 1003 * std::abs(bin.accuracy - bin.confidence);
  }
  EXPECT_EQ(n, 1003);
  EXPECT_NEAR(error, c.ece, 1e-12);
}

TEST(Calibration, FewerImagesThanBinsAreFine) {
  const Calibration c = measure_calibration(std::vector<float>{0.75F, 0.25F, 0.5F, 0.5F},
                                            std::vector<uint8_t>{0, 1}, 2);
  EXPECT_EQ(c.bins.size(), 2u);
  EXPECT_DOUBLE_EQ(c.ece, (0.25 + 0.5) / 2);
  EXPECT_DOUBLE_EQ(c.brier, (2 * 0.0625 + 2 * 0.25) / 2);
}

TEST(Calibration, CertainAndRightIsPerfect) {
  const Calibration c =
      measure_calibration(std::vector<float>{1, 0, 0, 1}, std::vector<uint8_t>{0, 1}, 2);
  EXPECT_EQ(c.ece, 0);
  EXPECT_EQ(c.ece_ci95.high, 0);
  EXPECT_EQ(c.ece_null95.high, 0);
  EXPECT_EQ(c.brier, 0);
}

}  // namespace
}  // namespace inkling

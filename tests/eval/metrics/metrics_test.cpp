#include "eval/metrics/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "support/expect_error.h"

namespace inkling {
namespace {

using testing::ElementsAre;

// Rows that are sure of the given classes.
std::vector<float> certain(const std::vector<int>& guesses, int classes) {
  std::vector<float> rows(guesses.size() * size_t(classes));
  for (size_t i = 0; i < guesses.size(); ++i) rows[i * size_t(classes) + size_t(guesses[i])] = 1;
  return rows;
}

TEST(WilsonInterval, AgreesWithPublishedValues) {
  // Newcombe 1998 (Statistics in Medicine 17:857), table I, method 3.
  EXPECT_NEAR(wilson_interval95(81, 263).low, 0.2553, 0.00005);
  EXPECT_NEAR(wilson_interval95(81, 263).high, 0.3662, 0.00005);
  EXPECT_NEAR(wilson_interval95(15, 148).low, 0.0624, 0.00005);
  EXPECT_NEAR(wilson_interval95(15, 148).high, 0.1605, 0.00005);
  EXPECT_NEAR(wilson_interval95(9921, 10000).low, 0.99016595, 1e-8);
  EXPECT_NEAR(wilson_interval95(9921, 10000).high, 0.99365612, 1e-8);
}

TEST(WilsonInterval, ReachesTheEndsExactlyAndNotBeyond) {
  EXPECT_EQ(wilson_interval95(0, 20).low, 0);
  EXPECT_NEAR(wilson_interval95(0, 20).high, 0.1611, 0.00005);  // Newcombe, as above
  for (int n = 1; n < 100; ++n) EXPECT_EQ(wilson_interval95(n, n).high, 1);
  EXPECT_NEAR(wilson_interval95(1, 29).low, 0.0061, 0.00005);
  EXPECT_NEAR(wilson_interval95(1, 29).high, 0.1718, 0.00005);
}

// Labels 0 0 0 1 1 2, guesses 0 0 1 1 2 2.
TEST(Metrics, AgreeWithHandArithmetic) {
  const std::vector<uint8_t> labels{0, 0, 0, 1, 1, 2};
  const Metrics m = compute_metrics(certain({0, 0, 1, 1, 2, 2}, 3), labels, 3);
  EXPECT_EQ(m.n, 6);
  EXPECT_EQ(m.correct, 4);
  EXPECT_DOUBLE_EQ(m.accuracy, 4.0 / 6);
  EXPECT_THAT(m.confusion[0], ElementsAre(2, 1, 0));
  EXPECT_THAT(m.confusion[1], ElementsAre(0, 1, 1));
  EXPECT_THAT(m.confusion[2], ElementsAre(0, 0, 1));
  EXPECT_DOUBLE_EQ(m.per_class[0].precision, 1);
  EXPECT_DOUBLE_EQ(m.per_class[0].recall, 2.0 / 3);
  EXPECT_DOUBLE_EQ(m.per_class[0].f1, 0.8);
  EXPECT_EQ(m.per_class[0].support, 3);
  EXPECT_EQ(m.per_class[0].predicted, 2);
  EXPECT_DOUBLE_EQ(m.per_class[1].precision, 0.5);
  EXPECT_DOUBLE_EQ(m.per_class[1].recall, 0.5);
  EXPECT_DOUBLE_EQ(m.per_class[1].f1, 0.5);
  EXPECT_DOUBLE_EQ(m.per_class[2].precision, 0.5);
  EXPECT_DOUBLE_EQ(m.per_class[2].recall, 1);
  EXPECT_DOUBLE_EQ(m.per_class[2].f1, 2.0 / 3);
  EXPECT_DOUBLE_EQ(m.macro.precision, 2.0 / 3);
  EXPECT_DOUBLE_EQ(m.macro.recall, (2.0 / 3 + 0.5 + 1) / 3);
  EXPECT_DOUBLE_EQ(m.macro.f1, (0.8 + 0.5 + 2.0 / 3) / 3);
  EXPECT_DOUBLE_EQ(m.accuracy_ci95.low, wilson_interval95(4, 6).low);
  EXPECT_DOUBLE_EQ(m.accuracy_ci95.high, wilson_interval95(4, 6).high);
}

TEST(Metrics, LossIsTheMeanNegativeLogLikelihoodOfTheTrueClass) {
  const std::vector<float> rows{0.25F, 0.75F, 0.5F, 0.5F};
  const Metrics m = compute_metrics(rows, std::vector<uint8_t>{0, 1}, 2);
  EXPECT_DOUBLE_EQ(m.loss, (std::log(4.0) + std::log(2.0)) / 2);
}

TEST(Metrics, LossOfACertainMistakeIsFinite) {
  const Metrics m = compute_metrics(certain({1}, 2), std::vector<uint8_t>{0}, 2);
  EXPECT_DOUBLE_EQ(m.loss, -std::log(1e-12));
}

TEST(Metrics, EqualProbabilitiesGoToTheLowestClass) {
  EXPECT_EQ(predicted_class(std::vector<float>{0.1F, 0.3F, 0.3F, 0.3F}), 1);
  const Metrics m = compute_metrics(std::vector<float>{0.5F, 0.5F}, std::vector<uint8_t>{1}, 2);
  EXPECT_THAT(m.confusion[1], ElementsAre(1, 0));
}

TEST(Metrics, AbsentClassesStayOutOfTheMacroAverage) {
  // Class 3 occurs nowhere; class 2 only as a (wrong) prediction and counts, as in sklearn.
  const Metrics m = compute_metrics(certain({0, 1, 2}, 4), std::vector<uint8_t>{0, 1, 1}, 4);
  EXPECT_DOUBLE_EQ(m.macro.precision, (1 + 1 + 0) / 3.0);
  EXPECT_DOUBLE_EQ(m.macro.recall, (1 + 0.5 + 0) / 3.0);
  EXPECT_DOUBLE_EQ(m.macro.f1, (1 + 2.0 / 3 + 0) / 3.0);
  EXPECT_EQ(m.per_class[3].precision, 0);
  EXPECT_EQ(m.per_class[3].f1, 0);
  EXPECT_EQ(m.per_class[3].support, 0);
}

TEST(Metrics, OneClassOnlyIsFine) {
  const Metrics m = compute_metrics(certain({2, 2}, 3), std::vector<uint8_t>{2, 2}, 3);
  EXPECT_EQ(m.accuracy, 1);
  EXPECT_EQ(m.macro.f1, 1);
  EXPECT_EQ(m.accuracy_ci95.high, 1);
  EXPECT_EQ(m.ece, 0);
}

TEST(Metrics, CalibrationErrorOfOneBinIsTheDistanceOfConfidenceFromAccuracy) {
  // 30 images, two a bin, all 0.75 sure and every second right: each bin is off by 0.25.
  std::vector<float> rows;
  std::vector<uint8_t> labels;
  for (int i = 0; i < 30; ++i) {
    rows.insert(rows.end(), {0.75F, 0.25F});
    labels.push_back(uint8_t(i % 2));
  }
  EXPECT_NEAR(compute_metrics(rows, labels, 2).ece, 0.25, 1e-12);
}

TEST(Metrics, CalibrationBinsHoldEquallyManyImagesByConfidence) {
  // 15 images in a mixed order, one a bin: |1−p| where right, p where wrong.
  std::vector<float> rows;
  std::vector<uint8_t> labels;
  double expected = 0;
  for (int i = 0; i < 15; ++i) {
    const float p = 0.55F + 0.025F * float(i * 7 % 15);
    rows.insert(rows.end(), {p, 1 - p});
    labels.push_back(i % 3 == 0);
    expected += (i % 3 == 0 ? double{p} : 1 - double{p}) / 15;
  }
  EXPECT_NEAR(compute_metrics(rows, labels, 2).ece, expected, 1e-12);
}

TEST(Metrics, NoImagesAtAllAreRefused) {
  EXPECT_ERROR(compute_metrics({}, {}, 10), ErrorKind::kInput, "at least one image", "found 0");
}

TEST(Metrics, SizesThatDoNotFitAreRefused) {
  EXPECT_ERROR(compute_metrics(certain({0}, 3), std::vector<uint8_t>{0, 1}, 3), ErrorKind::kInput,
               "expected 6 probabilities", "found 3");
}

TEST(Metrics, LabelNotBelowClassesIsRefused) {
  EXPECT_ERROR(compute_metrics(certain({0, 0}, 3), std::vector<uint8_t>{0, 3}, 3),
               ErrorKind::kInput, "from 0 to 2", "found 3 at index 1");
}

TEST(Metrics, ProbabilitiesThatAreNoneAreRefused) {
  for (float bad : {std::numeric_limits<float>::quiet_NaN(), -0.5F, 2.0F}) {
    EXPECT_ERROR(compute_metrics(std::vector<float>{1, 0, bad, 0}, std::vector<uint8_t>{0, 0}, 2),
                 ErrorKind::kInput, "probabilities from 0 to 1", "image 1");
  }
}

TEST(Metrics, OfAModelThatRefusesCountRefusalsAndLeaveTheirClassOutOfMacroAverages) {
  const std::vector<uint8_t> labels = {0, 0, 1, 1};
  const std::vector<float> p = certain({0, 2, 1, 1}, 3);
  const Metrics plain = compute_metrics(p, labels, 3);
  const Metrics refusing = compute_metrics(p, labels, 3, true);
  EXPECT_FALSE(plain.refused);
  EXPECT_EQ(refusing.refused, 1);
  EXPECT_EQ(refusing.accuracy, 0.75);  // a refusal is a mistake
  EXPECT_DOUBLE_EQ(plain.macro.recall, (0.5 + 1 + 0) / 3);
  EXPECT_DOUBLE_EQ(refusing.macro.recall, (0.5 + 1) / 2);
}

}  // namespace
}  // namespace inkling

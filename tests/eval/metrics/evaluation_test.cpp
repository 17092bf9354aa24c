#include "eval/metrics/evaluation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "eval/metrics/evaluation_json.h"
#include "eval/metrics/evaluation_text.h"
#include "support/confident_predictions.h"

namespace inkling {
namespace {

using testing::HasSubstr;
using testing::Not;

Evaluation evaluation(double sharpened, int classes = 5) {
  const ConfidentPredictions set =
      confident_predictions({.images = 600, .classes = classes, .sharpened = sharpened});
  return evaluate_predictions(
      {.indices = {}, .labels = set.labels, .probabilities = set.probabilities, .seconds = 1},
      classes);
}

TEST(Evaluation, JsonHasCalibrationAndSelectivePrediction) {
  Evaluation e = evaluation(2);
  EXPECT_TRUE(evaluation_json(e)["calibration"]["temperature"].is_null());
  set_temperature(e, fit_temperature(e.predictions.probabilities, e.predictions.labels, 5));
  const nlohmann::json j = evaluation_json(e);
  EXPECT_EQ(j.size(), 2u);
  EXPECT_EQ(j["calibration"]["ece"], e.metrics.ece);
  EXPECT_EQ(j["calibration"]["ece_ci95"].size(), 2u);
  EXPECT_EQ(j["calibration"]["bins"].size(), size_t{kCalibrationBins});
  EXPECT_EQ(j["calibration"]["temperature"]["n"], 600);
  EXPECT_NEAR(j["calibration"]["temperature"]["temperature"], 2, 0.3);
  EXPECT_EQ(j["calibration"]["temperature"]["loss"], e.temperature->effect.loss);
  EXPECT_EQ(j["selective"]["curve"].size(), 100u);
  EXPECT_EQ(j["selective"]["curve"][99]["risk"], e.selective.aurc_random);
  EXPECT_EQ(j["selective"]["aurc"], e.selective.aurc);
}

TEST(Evaluation, TextSaysWhichWayConfidenceErrs) {
  const std::vector<std::string> names{"a", "b", "c", "d", "e"};
  EXPECT_THAT(evaluation_text(evaluation(2.5), names), HasSubstr("over-confident"));
  EXPECT_THAT(evaluation_text(evaluation(0.4), names), HasSubstr("under-confident"));
  EXPECT_THAT(evaluation_text(evaluation(1), names), HasSubstr("no sign of miscalibration"));
  EXPECT_THAT(evaluation_text(evaluation(1), names), HasSubstr("5 % leaves"));
}

TEST(Evaluation, TextLooksUpThePairsPeopleNameWhereTheClassesAreDigits) {
  std::vector<std::string> names{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};
  EXPECT_THAT(evaluation_text(evaluation(1, 10), names), HasSubstr("4-9 rank "));
  names[3] = "dress";
  EXPECT_THAT(evaluation_text(evaluation(1, 10), names), Not(HasSubstr("people name")));
}

TEST(Evaluation, TextOfOneRightAnswerIsSound) {
  const Evaluation e = evaluate_predictions(
      {.indices = {0}, .labels = {1}, .probabilities = {0.25F, 0.75F}, .seconds = 1}, 2);
  const std::string text = evaluation_text(e, std::vector<std::string>{"no", "yes"});
  EXPECT_THAT(text, HasSubstr("rejecting    AURC 0.000000"));
  EXPECT_THAT(text, Not(HasSubstr("nan")));
}

}  // namespace
}  // namespace inkling

#include "eval/metrics/metrics_json.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace inkling {
namespace {

TEST(MetricsJson, HasTheKeysOfTheContract) {
  const std::vector<float> rows{0.9F, 0.1F, 0.2F, 0.8F, 0.6F, 0.4F};
  const Metrics m = compute_metrics(rows, std::vector<uint8_t>{0, 1, 1}, 2);
  const nlohmann::json j = metrics_json(m, std::vector<std::string>{"no", "yes"});
  EXPECT_EQ(j["n"], 3);
  EXPECT_DOUBLE_EQ(j["accuracy"], 2.0 / 3);
  ASSERT_EQ(j["accuracy_ci95"].size(), 2u);
  EXPECT_DOUBLE_EQ(j["accuracy_ci95"][0], m.accuracy_ci95.low);
  EXPECT_DOUBLE_EQ(j["accuracy_ci95"][1], m.accuracy_ci95.high);
  EXPECT_DOUBLE_EQ(j["loss"], m.loss);
  EXPECT_DOUBLE_EQ(j["macro"]["precision"], m.macro.precision);
  EXPECT_DOUBLE_EQ(j["macro"]["recall"], m.macro.recall);
  EXPECT_DOUBLE_EQ(j["macro"]["f1"], m.macro.f1);
  EXPECT_EQ(j["per_class"][1]["label"], "yes");
  EXPECT_DOUBLE_EQ(j["per_class"][1]["precision"], 1);
  EXPECT_DOUBLE_EQ(j["per_class"][1]["recall"], 0.5);
  EXPECT_DOUBLE_EQ(j["per_class"][1]["f1"], 2.0 / 3);
  EXPECT_EQ(j["per_class"][1]["support"], 2);
  EXPECT_EQ(j["confusion"], nlohmann::json::parse("[[1,0],[1,1]]"));
  EXPECT_DOUBLE_EQ(j["ece"], m.ece);
  EXPECT_DOUBLE_EQ(j["weighted"]["f1"], m.weighted.f1);
  EXPECT_EQ(j["top_k"]["1"], m.accuracy);
  EXPECT_EQ(j["top_k"]["2"], 1);
  EXPECT_EQ(j["most_confused"].size(), 1u);
  EXPECT_EQ(j["most_confused"][0]["labels"], nlohmann::json::parse(R"(["no", "yes"])"));
  EXPECT_EQ(j["most_confused"][0]["mistakes"], 1);
  EXPECT_EQ(j["most_confused"][0]["second_as_first"], 1);
  EXPECT_EQ(j.size(), 11u);
}

}  // namespace
}  // namespace inkling

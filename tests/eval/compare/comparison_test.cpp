#include "eval/compare/comparison.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "eval/compare/comparison_json.h"
#include "eval/compare/comparison_text.h"
#include "stats/mcnemar.h"
#include "support/expect_error.h"
#include "support/temporary_folder.h"
#include "sys/json_file.h"

namespace inkling {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::vector<uint8_t> kTruth{0, 1, 2, 0, 1, 2};

ComparedModel compared(const std::string& name, const std::vector<int>& guesses) {
  ComparedModel c{.name = name, .model = "net", .parameters = 7, .flops = 14};
  c.predictions.labels = kTruth;
  for (size_t i = 0; i < guesses.size(); ++i) {
    c.predictions.indices.push_back(static_cast<uint32_t>(100 + i));
    for (int k = 0; k < 3; ++k)
      c.predictions.probabilities.push_back(k == guesses[i] ? 0.8F : 0.1F);
  }
  c.predictions.seconds = 2;
  c.metrics = compute_metrics(c.predictions.probabilities, c.predictions.labels, 3);
  return c;
}

TEST(Comparison, CountsWhatOnlyOneGetsRight) {
  const Comparison c = compare(
      {compared("a", {0, 1, 2, 0, 1, 1}), compared("b", {0, 2, 0, 1, 1, 0})}, "set", "test");
  ASSERT_EQ(c.pairs.size(), 1u);
  EXPECT_EQ(c.pairs[0].only_first_right, 3);
  EXPECT_EQ(c.pairs[0].only_second_right, 0);
  EXPECT_EQ(c.pairs[0].p, mcnemar_exact(3, 0));
  EXPECT_EQ(c.pairs[0].p_holm, c.pairs[0].p);
  EXPECT_THAT(c.pairs[0].differing, ElementsAre(1, 2, 3, 5));  // 5: both wrong, differently
}

TEST(Comparison, OfAModelWithItselfFindsNothing) {
  const ComparedModel a = compared("a", {0, 2, 2, 1, 1, 1});
  const Comparison c = compare({a, a}, "set", "test");
  EXPECT_EQ(c.pairs[0].p, 1);
  EXPECT_THAT(c.pairs[0].differing, IsEmpty());
  EXPECT_EQ(c.pairs[0].only_first_right, 0);
  EXPECT_THAT(comparison_text(c), HasSubstr("the same prediction for every image"));
}

TEST(Comparison, AdjustsForTheNumberOfPairsByHolm) {
  const std::vector<int> right{0, 1, 2, 0, 1, 2}, wrong{1, 2, 0, 1, 2, 0}, half{0, 1, 2, 1, 2, 0};
  const Comparison c = compare(
      {compared("right", right), compared("wrong", wrong), compared("half", half)}, "set", "test");
  ASSERT_EQ(c.pairs.size(), 3u);
  EXPECT_EQ(c.pairs[1].second, 2u);
  EXPECT_NEAR(c.pairs[0].p, 2.0 / 64, 1e-12);
  EXPECT_NEAR(c.pairs[0].p_holm, 3 * 2.0 / 64, 1e-12);  // the smallest of three
  EXPECT_NEAR(c.pairs[1].p, 0.25, 1e-12);
  EXPECT_NEAR(c.pairs[1].p_holm, 0.5, 1e-12);
  EXPECT_NEAR(c.pairs[2].p_holm, 0.5, 1e-12);  // never below the one before
}

TEST(Comparison, JsonNamesImagesByTheirIndexInTheDataSet) {
  ComparedModel a = compared("a", {0, 1, 2, 0, 1, 2});
  a.train_seconds = 3.5;
  a.latency_s = 2e-4;
  const nlohmann::json j =
      comparison_json(compare({a, compared("b", {0, 1, 2, 0, 1, 0})}, "set", "validation"),
                      std::vector<std::string>{"x", "y", "z"});
  EXPECT_EQ(j["dataset"], "set");
  EXPECT_EQ(j["split"], "validation");
  EXPECT_EQ(j["n"], 6);
  EXPECT_EQ(j["runs"][0]["train_seconds"], 3.5);
  EXPECT_TRUE(j["runs"][1]["train_seconds"].is_null());
  EXPECT_DOUBLE_EQ(j["runs"][0]["latency_us"], 200);
  EXPECT_DOUBLE_EQ(j["runs"][0]["images_per_second"], 3);
  EXPECT_EQ(j["runs"][0]["accuracy"], 1);
  EXPECT_EQ(j["runs"][0]["flops"], 14);
  EXPECT_EQ(j["pairs"][0]["differing"],
            nlohmann::json::parse(R"([{"index": 105, "label": 2, "answers": [2, 0]}])"));
}

TEST(Comparison, IsReadBackAsItWasWritten) {
  ComparedModel a = compared("a", {0, 1, 2, 0, 1, 2});
  a.train_seconds = 3.5;
  a.latency_s = 2e-4;
  const Comparison c = compare({a, compared("b", {0, 1, 2, 0, 1, 0})}, "set", "validation",
                               SetAside{.file = "list.txt", .n = 4});
  const TemporaryFolder folder;
  const std::vector<std::string> names{"x", "y", "z"};
  nlohmann::json document = comparison_json(c, names);
  write_json(folder / kComparisonFile, document);
  const ComparisonRecord record = read_comparison(folder / kComparisonFile);
  EXPECT_EQ(record.dataset, "set");
  EXPECT_EQ(record.split, "validation");
  EXPECT_EQ(record.n, 6);
  EXPECT_EQ(record.aside, c.aside);
  ASSERT_EQ(record.runs.size(), 2u);
  const ComparisonRecord::Run first{.name = "a",
                                    .n = 6,
                                    .accuracy = 1,
                                    .accuracy_ci95 = a.metrics.accuracy_ci95,
                                    .parameters = 7,
                                    .flops = 14,
                                    .train_seconds = 3.5,
                                    .latency_us = a.latency_s * 1e6};
  EXPECT_EQ(record.runs[0], first);
  EXPECT_EQ(record.runs[1].train_seconds, std::nullopt);
  const ComparisonRecord::Pair pair{
      .first = "a", .second = "b", .only_first_right = 1, .p_holm = c.pairs[0].p_holm};
  ASSERT_EQ(record.pairs.size(), 1u);
  EXPECT_EQ(record.pairs[0], pair);

  document["runs"][1].erase("accuracy");
  write_json(folder / kComparisonFile, document);
  EXPECT_ERROR(read_comparison(folder / kComparisonFile), ErrorKind::kInput,
               "comparison.json: runs[1].accuracy: expected a value, found none");
}

TEST(Comparison, TextSaysWhoIsBetterOnlyWhereChanceHardlyExplainsIt) {
  std::vector<int> guesses{0, 1, 2, 0, 1, 2}, wrong{1, 2, 0, 1, 2, 0};
  const Comparison c = compare({compared("bad", wrong), compared("good", guesses)}, "s", "test");
  EXPECT_THAT(comparison_text(c), HasSubstr("good is better"));
  EXPECT_THAT(comparison_text(c), HasSubstr("only one is right: 0 and 6 times"));
}

}  // namespace
}  // namespace inkling

#include "eval/data_report/inspection.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include <nlohmann/json.hpp>

#include "eval/data_report/inspection_json.h"
#include "support/expect_error.h"
#include "support/temporary_folder.h"
#include "sys/json_file.h"

namespace inkling {
namespace {

using testing::HasSubstr;

// Two even splits without a fault.
Inspection clean() {
  Inspection all;
  all.dataset = "clean";
  all.height = all.width = 4;
  all.class_names = {"a", "b", "c"};
  for (SplitInspection* split : {&all.train, &all.test}) {
    split->quality.n = 300;
    split->quality.per_class = {100, 100, 100};
    split->quality.class_means.resize(3);
  }
  return all;
}

std::vector<std::string> said(const Inspection& all) {
  std::vector<std::string> lines;
  for (const Finding& finding : find_faults(all)) {
    EXPECT_FALSE(finding.advice.empty()) << finding.what;
    lines.push_back(fmt::format("{}: {}", severity_name(finding.severity), finding.what));
  }
  return lines;
}

TEST(Findings, OfCleanDataAreNone) { EXPECT_THAT(said(clean()), testing::IsEmpty()); }

TEST(Findings, NameAnAbsentClassAndItsSplit) {
  Inspection all = clean();
  all.train.quality.per_class = {150, 0, 150};
  EXPECT_THAT(said(all), testing::ElementsAre("error: the training split has no image of class b"));
}

TEST(Findings, WeighImbalanceByItsSize) {
  Inspection all = clean();
  all.train.quality.per_class = {90, 100, 110};
  all.balance.p = 1e-9;
  EXPECT_THAT(said(all), testing::ElementsAre(HasSubstr("info: classes are not equally")));
  all.train.quality.per_class = {50, 100, 150};
  EXPECT_THAT(said(all), testing::ElementsAre(HasSubstr("warning: classes are not equally")));
}

TEST(Findings, LeakageIsAnErrorAndComesFirst) {
  Inspection all = clean();
  all.train.quality.blank = {4};
  all.duplicates = {{{0, 1}, {1, 2}, 0}, {{0, 5}, {0, 6}, 0}};
  EXPECT_THAT(said(all),
              testing::ElementsAre("error: 1 image of the test split is also in the training "
                                   "split: leakage",
                                   "warning: exact copies inside a split: 1 in training, 0 in test",
                                   "warning: 1 image of the training split is blank, first: 4"));
}

TEST(Findings, DriftCountsOnlyWhenCertainAndLarge) {
  Inspection all = clean();
  all.train_to_test.shifts = {{"brightness", 0.1, 0.2, 0.5, 0.2}, {"contrast", 0.1, 0.2, 0.1, 0}};
  EXPECT_THAT(said(all), testing::IsEmpty());
  all.train_to_test.shifts = {{"brightness", 0.1, 0.2, -0.5, 1e-9}};
  EXPECT_THAT(said(all),
              testing::ElementsAre(HasSubstr("warning: the test split differs in brightness")));
}

TEST(InspectionJson, HasTheKeysOfTheContract) {
  Inspection all = clean();
  all.train.quality.blank = {4};
  all.duplicates = {{{0, 1}, {1, 2}, 0}, {{0, 5}, {0, 6}, 0}};
  all.train.outliers = {{.index = 9, .label = 2, .z = 8}};
  ConfidentLearning found;
  found.suspects = {{.index = 3, .given = 1, .suggested = 2, .score = 0.9, .confident = true}};
  all.train.suspects = found;
  const nlohmann::ordered_json json = inspection_json(all);
  for (const char* split : {"train", "test"}) {
    for (const char* key : {"n", "per_class", "mean", "sd", "blank", "saturated", "duplicates"}) {
      EXPECT_TRUE(json["splits"][split].contains(key)) << split << " " << key;
    }
  }
  EXPECT_EQ(json["splits"]["train"]["blank"], 1);
  EXPECT_EQ(json["splits"]["train"]["duplicates"], 1);
  EXPECT_EQ(json["splits"]["test"]["duplicates"], 0);
  EXPECT_EQ(json["cross_split_duplicates"].dump(), R"([{"train":1,"test":2}])");
  EXPECT_TRUE(json["balance"].contains("chi2") && json["balance"].contains("p"));
  EXPECT_EQ(json["suspects"]["train"][0]["index"], 3);
  EXPECT_EQ(json["suspects"]["train"][0]["given"], 1);
  EXPECT_EQ(json["suspects"]["train"][0]["suggested"], 2);
  EXPECT_EQ(json["suspects"]["train"][0]["score"], 0.9);
  EXPECT_TRUE(json["suspects"]["test"].empty());
  EXPECT_EQ(json["outliers"][0]["index"], 9);
  EXPECT_EQ(json["findings"][0]["severity"], "error");
  EXPECT_TRUE(json["findings"][0].contains("what") && json["findings"][0].contains("advice"));
}

TEST(InspectionJson, IsReadBackAsItWasWritten) {
  Inspection all = clean();
  all.train.quality.blank = {4};
  all.duplicates = {{{0, 1}, {1, 2}, 0}};
  const TemporaryFolder folder;
  nlohmann::ordered_json document = inspection_json(all);
  write_json(folder / kInspectionFile, document);
  const InspectionRecord expected{
      .dataset = "clean", .train_images = 300, .test_images = 300, .findings = find_faults(all)};
  ASSERT_EQ(expected.findings.size(), 2u);
  EXPECT_EQ(read_inspection(folder / kInspectionFile), expected);

  document["findings"][1]["severity"] = "dire";
  write_json(folder / kInspectionFile, document);
  EXPECT_ERROR(read_inspection(folder / kInspectionFile), ErrorKind::kInput,
               "inspect.json: findings[1].severity", "expected info, warning or error", "\"dire\"");
}

TEST(InspectionJson, CutsListsButNotCounts) {
  Inspection all = clean();
  all.train.quality.blank.assign(kMaxListed + 5, 0);
  const nlohmann::ordered_json json = inspection_json(all);
  EXPECT_EQ(json["splits"]["train"]["blank"], kMaxListed + 5);
  EXPECT_EQ(json["splits"]["train"]["blank_indices"].size(), kMaxListed);
}

}  // namespace
}  // namespace inkling

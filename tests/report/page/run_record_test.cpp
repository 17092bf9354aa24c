#include "report/page/run_record.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/core.h>

#include <cmath>

#include "support/expect_error.h"
#include "support/temporary_folder.h"
#include "sys/file.h"

namespace inkling {
namespace {

std::vector<EpochRecord> history(std::vector<double> train_loss, std::vector<double> val_loss) {
  std::vector<EpochRecord> records;
  for (size_t i = 0; i < val_loss.size(); ++i) {
    records.push_back(
        {.epoch = static_cast<int>(i) + 1, .train_loss = train_loss[i], .val_loss = val_loss[i]});
  }
  return records;
}

constexpr const char* kEpoch =
    R"({"epoch":1,"lr":0.5,"train_loss":2.5,"train_accuracy":0.25,"val_loss":null,)"
    R"("val_accuracy":null,"val_macro_f1":null,"seconds":1.5,"images_per_second":100})";

void write_run(const TemporaryFolder& folder, const std::string& history) {
  write_file(folder / "recipe.toml",
             "model = 'cnn3'\nseed = 1\nval_fraction = 0.1\nkeep = 'last'\n");
  write_file(folder / "history.jsonl", history);
  write_file(folder / "metrics.json", R"({"weights_sha256": "abc", "n": 0, "best_epoch": 1,
      "train_seconds": 1.5, "images_per_second": 100, "interrupted": false})");
}

TEST(OverFitting, IsNamedWhereValidationRisesWhileTrainingFalls) {
  EXPECT_EQ(over_fitting_since(history({1, .5, .3, .2, .1}, {.9, .5, .6, .7, .8})), 2);
}

TEST(OverFitting, IsNotNamedWithoutARiseForGood) {
  EXPECT_EQ(over_fitting_since(history({1, .5, .3, .2}, {.9, .5, .4, .3})), std::nullopt);
  EXPECT_EQ(over_fitting_since(history({1, .5, .3, .2}, {.9, .5, .6, .501})), std::nullopt);
  EXPECT_EQ(over_fitting_since(history({1, .5, .6, .7, .8}, {.9, .5, .6, .7, .8})), std::nullopt);
  EXPECT_EQ(over_fitting_since(history({1, .5}, {NAN, NAN})), std::nullopt);
  EXPECT_EQ(over_fitting_since({}), std::nullopt);
}

TEST(RunRecord, ReadsWhatATrainingLeaves) {
  const TemporaryFolder folder;
  write_run(folder, fmt::format("{}\n", kEpoch));
  const RunRecord run = read_run(folder.path());
  ASSERT_EQ(run.history.size(), 1u);
  EXPECT_EQ(run.history[0].train_loss, 2.5);
  EXPECT_TRUE(std::isnan(run.history[0].val_accuracy));
  EXPECT_EQ(run.best_epoch(), 1);
  EXPECT_EQ(run.recipe->keep, "last");
  EXPECT_THAT(run.recipe_text, testing::StartsWith("model = 'cnn3'\n"));
  EXPECT_FALSE(run.test_metrics);
}

TEST(RunRecord, BrokenFilesAreNamed) {
  const TemporaryFolder folder;
  EXPECT_ERROR(read_run(folder.path()), ErrorKind::kInput, folder.path().c_str(), "run folder",
               "no recipe.toml");
  write_run(folder, fmt::format("{}\n{{\"epoch\": 2}}\n", kEpoch));
  EXPECT_ERROR(read_run(folder.path()), ErrorKind::kInput, "history.jsonl:2");
  write_run(folder, "");
  write_file(folder / "metrics-test.json", "[1]");
  EXPECT_ERROR(read_run(folder.path()), ErrorKind::kInput, "metrics-test.json");
}

}  // namespace
}  // namespace inkling

#include "train/study/seed_study.h"

#include <gtest/gtest.h>

#include <cmath>

#include <nlohmann/json.hpp>

#include "support/expect_error.h"
#include "support/temporary_folder.h"
#include "sys/file.h"

namespace inkling {
namespace {

TEST(Spread, IsMeanSampleDeviationAndStudentsInterval) {
  const double values[] = {1, 2, 3, 6};
  const Spread spread = spread_of(values);
  EXPECT_EQ(spread.n, 4);
  EXPECT_DOUBLE_EQ(spread.mean, 3);
  EXPECT_DOUBLE_EQ(spread.sd, std::sqrt(14 / 3.0));
  const double half = 3.182446305284263 * std::sqrt(14 / 3.0) / 2;
  EXPECT_NEAR(spread.mean_ci95.low, 3 - half, 1e-8);
  EXPECT_NEAR(spread.mean_ci95.high, 3 + half, 1e-8);
}

TEST(Spread, OfOneValueIsUnknown) {
  const double value[] = {0.5};
  const Spread spread = spread_of(value);
  EXPECT_EQ(spread.mean, 0.5);
  EXPECT_TRUE(std::isnan(spread.sd));
  EXPECT_TRUE(std::isnan(spread.mean_ci95.low));
}

class SeedStudyTest : public testing::Test {
 protected:
  void write_run(const std::string& name, double accuracy, const char* file = "metrics.json") {
    make_folder(folder_ / name);
    const nlohmann::json metrics = {{"n", 1000},
                                    {"accuracy", accuracy},
                                    {"accuracy_ci95", {accuracy - 0.01, accuracy + 0.01}},
                                    {"loss", 1 - accuracy},
                                    {"macro", {{"f1", accuracy / 2}}},
                                    {"best_epoch", 3},
                                    {"train_seconds", 2.5},
                                    {"images_per_second", 100},
                                    {"weights_sha256", name}};
    write_file(folder_ / name / file, metrics.dump());
  }
  TemporaryFolder folder_;
};

TEST_F(SeedStudyTest, TellsTheSpreadOfSeedsFromThatOfOneRunsImages) {
  write_run("seed-1", 0.9);
  write_run("seed-2", 0.92);
  const SeedRun runs[] = {{1, folder_ / "seed-1"}, {2, folder_ / "seed-2"}};
  const auto study = seed_study_json(seed_study(runs, folder_.path()));
  EXPECT_EQ(study["seeds"], 2);
  EXPECT_EQ(study["runs"][1]["seed"], 2);
  EXPECT_EQ(study["runs"][1]["folder"], "seed-2");
  EXPECT_EQ(study["runs"][0]["validation"]["accuracy_ci95"][0], 0.9 - 0.01);
  const auto& accuracy = study["validation"]["accuracy"];
  EXPECT_NEAR(accuracy["mean"].get<double>(), 0.91, 1e-12);
  EXPECT_NEAR(accuracy["sd"].get<double>(), 0.02 / std::sqrt(2), 1e-12);
  EXPECT_NEAR(accuracy["mean_ci95"][1].get<double>(), 0.91 + 12.706204736 * 0.01, 1e-9);
  EXPECT_NEAR(accuracy["run_ci95"][0].get<double>(), wilson_interval95(910, 1000).low, 1e-12);
  EXPECT_NEAR(study["validation"]["macro_f1"]["mean"].get<double>(), 0.455, 1e-12);
  EXPECT_TRUE(study["test"].is_null());
}

TEST_F(SeedStudyTest, TestFiguresCountWhenEveryRunHasThem) {
  write_run("seed-1", 0.9);
  write_run("seed-2", 0.92);
  write_run("seed-1", 0.8, "metrics-test.json");
  const SeedRun runs[] = {{1, folder_ / "seed-1"}, {2, folder_ / "seed-2"}};
  EXPECT_FALSE(seed_study(runs, folder_.path()).test);
  write_run("seed-2", 0.7, "metrics-test.json");
  const SeedStudy study = seed_study(runs, folder_.path());
  ASSERT_TRUE(study.test);
  EXPECT_NEAR(study.test->accuracy.mean, 0.75, 1e-12);
  EXPECT_EQ(study.mean_seconds(), 2.5);
}

TEST(SeedFolder, IsNamedByItsSeed) {
  EXPECT_EQ(seed_folder(12), "seed-12");
  EXPECT_EQ(seed_of_folder(seed_folder(12)), 12u);
  for (const char* other : {"seed-", "seed--1", "seed-x", "12"}) {
    EXPECT_EQ(seed_of_folder(other), std::nullopt) << other;
  }
}

TEST_F(SeedStudyTest, DamagedMetricsAreNamed) {
  write_run("seed-1", 0.9);
  const SeedRun runs[] = {{1, folder_ / "seed-1"}};
  const nlohmann::json sound =
      nlohmann::json::parse(read_text_file(folder_ / "seed-1/metrics.json"));
  std::vector<std::string> damaged = {R"({"n": 5})", "{"};
  for (const auto& [key, value] : sound.items()) {
    nlohmann::json document = sound;
    document[key] = nlohmann::json::object();  // of a type nothing is
    damaged.push_back(document.dump());
  }
  for (const std::string& text : damaged) {
    write_file(folder_ / "seed-1/metrics.json", text);
    EXPECT_ERROR(seed_study(runs, folder_.path()), ErrorKind::kInput, "seed-1/metrics.json");
  }
}

}  // namespace
}  // namespace inkling

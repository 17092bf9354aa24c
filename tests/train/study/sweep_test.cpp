#include "train/study/sweep.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "support/expect_error.h"

namespace inkling {
namespace {

std::vector<GridPoint> points(std::vector<std::string> vary) {
  return sweep_points(Recipe{}, vary);
}

TEST(Sweep, TakesEveryCombinationTheLastFieldFastest) {
  const std::vector<GridPoint> all = points({"lr=1e-3,0.01", "schedule=linear,cosine"});
  ASSERT_EQ(all.size(), 4u);
  EXPECT_EQ(all[1].recipe.lr, 1e-3);
  EXPECT_EQ(all[1].recipe.schedule.name, "cosine");
  EXPECT_EQ(all[1].folder, "lr=1e-3,schedule.name=cosine");
  EXPECT_EQ(all[2].recipe.lr, 0.01);
  EXPECT_EQ(all[2].recipe.schedule.name, "linear");
  EXPECT_EQ(all[2].recipe.epochs, Recipe{}.epochs);
}

TEST(Sweep, FoldersAreSafeNames) {
  EXPECT_EQ(points({"model=nets/my net.toml"})[0].folder, "model=nets_my_net.toml");
}

TEST(Sweep, WhatCannotBeVariedIsRefusedByName) {
  EXPECT_ERROR(points({}), ErrorKind::kUsage, "--vary");
  EXPECT_ERROR(points({"lr"}), ErrorKind::kUsage, "FIELD=a,b,c", "\"lr\"");
  EXPECT_ERROR(points({"bacth=3"}), ErrorKind::kUsage, "\"bacth\"", "did you mean \"batch\"");
  EXPECT_ERROR(points({"batch=3,x"}), ErrorKind::kUsage, "--vary batch", "whole number", "\"x\"");
  EXPECT_ERROR(points({"batch="}), ErrorKind::kUsage, "--vary batch", "whole number");
  EXPECT_ERROR(points({"lr=1", "lr=2"}), ErrorKind::kUsage, "lr: given twice");
  EXPECT_ERROR(points({"lr=1,1"}), ErrorKind::kUsage, "two points are called lr=1");
  EXPECT_ERROR(points({"seed=1,2"}), ErrorKind::kUsage, "seed", "--seeds");
  EXPECT_ERROR(points({"val_fraction=0"}), ErrorKind::kUsage, "val_fraction is 0");
  EXPECT_ERROR(points({"schedule.warmup=99"}), ErrorKind::kUsage, "schedule.warmup");
}

TEST(Sweep, TheBestIsByTheMetricAskedFor) {
  const auto study = [](double accuracy, double loss, double f1) {
    return SeedStudy{.runs = {{.folder = "seed-1", .train_seconds = 2}},
                     .validation = SplitStudy{.n = 10,
                                              .accuracy = {.n = 1, .mean = accuracy},
                                              .loss = {.n = 1, .mean = loss},
                                              .macro_f1 = {.n = 1, .mean = f1},
                                              .run_ci95 = {}}};
  };
  const SeedStudy all[] = {study(0.8, 0.3, 0.5), study(0.9, 0.4, 0.5), study(0.9, 0.2, 0.4),
                           study(0.7, 0.9, 0.6)};
  EXPECT_EQ(best_point(all, "accuracy"), 1u);
  EXPECT_EQ(best_point(all, "loss"), 2u);
  EXPECT_EQ(best_point(all, "macro-f1"), 3u);
  const nlohmann::ordered_json json = sweep_json(points({"lr=1,2,3,4"}), all, "loss", 1);
  EXPECT_EQ(json["best"], "lr=3");
  EXPECT_EQ(json["points"][1]["validation"]["accuracy"]["mean"], 0.9);
  EXPECT_EQ(json["points"][1]["fields"]["lr"], "2");
}

}  // namespace
}  // namespace inkling

#include "nn/optim/schedule.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "support/expect_error.h"

namespace inkling {
namespace {

constexpr TrainingLength kTen{.steps_an_epoch = 10, .epochs = 10};

double factor(const char* name, int64_t step, ScheduleOptions options = {}) {
  options.name = name;
  return schedule_factor(options, kTen, step);
}

TEST(Schedule, ConstantStays) {
  for (const int64_t step : {0, 30, 99}) EXPECT_EQ(factor("constant", step), 1);
}

TEST(Schedule, LinearFallsToZeroAlongALine) {
  EXPECT_EQ(factor("linear", 0), 1);
  EXPECT_EQ(factor("linear", 25), 0.75);
  EXPECT_NEAR(factor("linear", 99), 0.01, 1e-12);
}

TEST(Schedule, CosineFallsToZeroAlongHalfACosine) {
  EXPECT_EQ(factor("cosine", 0), 1);
  EXPECT_NEAR(factor("cosine", 25), 0.5 + std::sqrt(2) / 4, 1e-12);
  EXPECT_NEAR(factor("cosine", 50), 0.5, 1e-12);
  EXPECT_NEAR(factor("cosine", 100), 0, 1e-12);
}

TEST(Schedule, StepDropsEveryFewEpochs) {
  const ScheduleOptions options{.every = 3, .gamma = 0.5};
  EXPECT_EQ(factor("step", 29, options), 1);
  EXPECT_EQ(factor("step", 30, options), 0.5);
  EXPECT_EQ(factor("step", 59, options), 0.5);
  EXPECT_EQ(factor("step", 60, options), 0.25);
}

TEST(Schedule, ExponentialFallsByGammaAnEpoch) {
  const ScheduleOptions options{.gamma = 0.5};
  EXPECT_EQ(factor("exponential", 0, options), 1);
  EXPECT_NEAR(factor("exponential", 10, options), 0.5, 1e-12);
  EXPECT_NEAR(factor("exponential", 35, options), std::pow(0.5, 3.5), 1e-12);
}

// Smith and Topin's cycle with PyTorch's cosines: OneCycleLR(div_factor=25, pct_start=0.3,
// final_div_factor=1e4).
TEST(Schedule, OneCycleRisesToThePeakAndFallsBelowItsStart) {
  const auto annealed = [](double from, double to, double at) {
    return to + (from - to) / 2 * (1 + std::cos(std::numbers::pi * at));
  };
  for (const int64_t step : {0, 10, 29}) {
    EXPECT_NEAR(factor("one-cycle", step), annealed(1 / 25.0, 1, step / 30.0), 1e-12);
  }
  for (const int64_t step : {30, 60, 100}) {
    EXPECT_NEAR(factor("one-cycle", step), annealed(1, 1 / 25e4, (step - 30) / 70.0), 1e-12);
  }
}

TEST(Schedule, WarmUpClimbsInALineToThePeakAndTheRestBeginsThere) {
  for (const std::string_view name : schedule_names()) {
    const std::string text(name);
    const ScheduleOptions options{.warmup = 0.5};
    EXPECT_NEAR(factor(text.c_str(), 0, options), 0.2, 1e-12) << name;
    EXPECT_NEAR(factor(text.c_str(), 3, options), 0.8, 1e-12) << name;
    EXPECT_NEAR(factor(text.c_str(), 4, options), 1, 1e-12) << name;
  }
  EXPECT_EQ(factor("linear", 5, {.warmup = 0.5}), 1);
  EXPECT_NEAR(factor("linear", 99, {.warmup = 0.5}), 1 / 95.0, 1e-12);
  EXPECT_NEAR(factor("one-cycle", 5, {.warmup = 0.5}), 0.04, 1e-12);
}

TEST(Schedule, UnknownNameIsRefused) {
  EXPECT_ERROR(factor("cosin", 0), ErrorKind::kUsage, "one-cycle", "did you mean \"cosine\"");
}

}  // namespace
}  // namespace inkling

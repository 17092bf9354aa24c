#include "nn/schedule.h"

#include <gtest/gtest.h>

#include <cmath>

#include "support/expect_error.h"

namespace inkling {
namespace {

TEST(Schedule, ConstantStays) {
  for (const double at : {0.0, 0.3, 0.999}) {
    EXPECT_EQ(schedule_factor(Schedule::kConstant, at), 1);
  }
}

TEST(Schedule, LinearFallsToZeroAlongALine) {
  EXPECT_EQ(schedule_factor(Schedule::kLinear, 0), 1);
  EXPECT_EQ(schedule_factor(Schedule::kLinear, 0.25), 0.75);
  EXPECT_NEAR(schedule_factor(Schedule::kLinear, 0.999), 0.001, 1e-12);
}

TEST(Schedule, CosineFallsToZeroAlongHalfACosine) {
  EXPECT_EQ(schedule_factor(Schedule::kCosine, 0), 1);
  EXPECT_NEAR(schedule_factor(Schedule::kCosine, 0.25), 0.5 + std::sqrt(2) / 4, 1e-12);
  EXPECT_NEAR(schedule_factor(Schedule::kCosine, 0.5), 0.5, 1e-12);
  EXPECT_NEAR(schedule_factor(Schedule::kCosine, 1), 0, 1e-12);
}

TEST(Schedule, NamesReadBack) {
  for (const char* name : {"constant", "linear", "cosine"}) {
    EXPECT_EQ(schedule_name(parse_schedule(name)), name);
  }
}

TEST(Schedule, UnknownNameIsRefused) {
  EXPECT_ERROR(parse_schedule("step"), ErrorKind::kUsage, "constant, linear or cosine", "\"step\"");
}

}  // namespace
}  // namespace inkling

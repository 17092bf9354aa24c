#include "base/number_text.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace inkling {
namespace {

TEST(NumberText, DigitsAreGroupedByThrees) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1000), "1,000");
  EXPECT_EQ(grouped(size_t{905418}), "905,418");
  EXPECT_EQ(grouped(UINT64_MAX), "18,446,744,073,709,551,615");
}

TEST(NumberText, RealsAreRoundedDown) {
  EXPECT_EQ(grouped(1999.99), "1,999");
  EXPECT_EQ(grouped(1e16), "10,000,000,000,000,000");
}

TEST(NumberText, PercentsHaveTwoDecimals) { EXPECT_EQ(percent(0.98731), "98.73 %"); }

}  // namespace
}  // namespace inkling

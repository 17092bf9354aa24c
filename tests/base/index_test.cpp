#include "base/index.h"

#include <gtest/gtest.h>

#include <climits>
#include <cstdint>
#include <vector>

namespace inkling {
namespace {

TEST(Index, AtReadsAndWritesByASignedIndex) {
  std::vector<int> values{1, 2, 3};
  at(values, ptrdiff_t{2}) = 7;
  const std::vector<int>& constant = values;
  EXPECT_EQ(at(constant, 2), 7);
}

TEST(Index, CeilDivRoundsUp) {
  EXPECT_EQ(ceil_div(0, 4), 0);
  EXPECT_EQ(ceil_div(8, 4), 2);
  EXPECT_EQ(ceil_div(ptrdiff_t{9}, 4), 3);
}

TEST(Index, NarrowKeepsWhatFits) {
  EXPECT_EQ(narrow<int>(int64_t{INT_MAX}), INT_MAX);
  EXPECT_EQ(narrow<uint8_t>(255), 255);
}

TEST(IndexDeathTest, NarrowAbortsOnWhatDoesNot) {
  EXPECT_DEATH(narrow<int>(int64_t{INT_MAX} + 1), "in_range");
  EXPECT_DEATH(narrow<uint8_t>(-1), "in_range");
}

}  // namespace
}  // namespace inkling

#include "base/random.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <vector>

namespace inkling {
namespace {

// Written down from a second implementation in Python: were they to change, every recipe would give
// other weights.
TEST(Random, BitsAreTheOnesTheyAlwaysWere) {
  Random one(1);
  EXPECT_EQ(one.bits(), 0x535ededcc4a8209bu);
  EXPECT_EQ(one.bits(), 0x99b3d3c597411d31u);
  EXPECT_EQ(one.bits(), 0xc2102977880eb363u);
  Random named(42, 7, 3);
  EXPECT_EQ(named.bits(), 0xf882cc9cbe3bffd7u);
  EXPECT_EQ(named.bits(), 0x6f0a12d0a3d68f25u);
}

TEST(Random, MixingIsSplitMix64) {
  EXPECT_EQ(mix_bits(0), 0xe220a8397b1dcdafu);  // the published first output of seed 0
}

TEST(Random, TheUpperHalfOfAProductIsExact) {
  constexpr uint64_t kEdges[] = {0, 1, 0xffffffff, 0x100000000, UINT64_MAX};
  const auto wide = [](uint64_t a, uint64_t b) {
    return static_cast<uint64_t>(static_cast<unsigned __int128>(a) * b >> 64);
  };
  for (const uint64_t a : kEdges) {
    for (const uint64_t b : kEdges) EXPECT_EQ(multiply_high(a, b), wide(a, b)) << a << " " << b;
  }
  Random random(6);
  for (int i = 0; i < 10'000; ++i) {
    const uint64_t a = random.bits(), b = random.bits() >> random.below(64);
    ASSERT_EQ(multiply_high(a, b), wide(a, b)) << a << " " << b;
  }
}

TEST(Random, DerivedValuesAreTheOnesTheyAlwaysWere) {
  Random random(5);
  EXPECT_DOUBLE_EQ(random.uniform(), 0.8803622636346972);
  Random below(5);
  std::vector<uint64_t> digits(12);
  for (uint64_t& digit : digits) digit = below.below(10);
  EXPECT_THAT(digits, testing::ElementsAre(8, 4, 3, 2, 1, 1, 8, 2, 4, 2, 5, 0));
}

TEST(Random, SeedStreamAndIndexEachNameAnotherStream) {
  const uint64_t first = Random(1, 2, 3).bits();
  EXPECT_EQ(Random(1, 2, 3).bits(), first);
  EXPECT_NE(Random(2, 2, 3).bits(), first);
  EXPECT_NE(Random(1, 3, 3).bits(), first);
  EXPECT_NE(Random(1, 2, 4).bits(), first);
  EXPECT_NE(Random(1, 3, 2).bits(), first);
}

TEST(Random, BelowIsUniform) {
  Random random(9);
  std::array<int, 7> counts{};
  for (int i = 0; i < 70'000; ++i) ++counts[random.below(7)];
  double chi2 = 0;
  for (int count : counts) chi2 += (count - 10'000.0) * (count - 10'000.0) / 10'000;
  EXPECT_LT(chi2, 22.5);  // six degrees of freedom, p = 0.001
  EXPECT_EQ(random.below(1), 0u);
}

TEST(Random, BelowAHugeBoundStaysBelowIt) {
  Random random(9);
  const uint64_t bound = (uint64_t{1} << 63) + 1;  // nearly every second draw is thrown away
  for (int i = 0; i < 1000; ++i) EXPECT_LT(random.below(bound), bound);
}

TEST(Random, UniformFillsItsRange) {
  Random random(3);
  double sum = 0, low = 1, high = 0;
  for (int i = 0; i < 100'000; ++i) {
    const double x = random.uniform();
    sum += x, low = std::min(low, x), high = std::max(high, x);
  }
  EXPECT_NEAR(sum / 100'000, 0.5, 0.004);  // more than four standard errors
  EXPECT_GE(low, 0);
  EXPECT_LT(low, 0.001);
  EXPECT_LT(high, 1);
  EXPECT_GT(high, 0.999);
  for (int i = 0; i < 100; ++i) EXPECT_NEAR(random.uniform(-3, -1), -2, 1);
}

TEST(Random, NormalHasMeanZeroAndVarianceOne) {
  Random random(4);
  double sum = 0, squares = 0;
  for (int i = 0; i < 100'000; ++i) {
    const double x = random.normal();
    sum += x, squares += x * x;
  }
  EXPECT_NEAR(sum / 100'000, 0, 0.014);
  EXPECT_NEAR(squares / 100'000, 1, 0.02);
}

TEST(Random, ShuffleReachesEveryOrderEquallyOften) {
  std::array<int, 6> counts{};
  Random random(8);
  for (int i = 0; i < 60'000; ++i) {
    std::array<int, 3> items{0, 1, 2};
    random.shuffle(std::span<int>(items));
    ++counts[size_t(items[0] * 2 + (items[1] > items[2]))];
  }
  for (int count : counts) EXPECT_NEAR(count, 10'000, 450);
}

}  // namespace
}  // namespace inkling

#include "stats/mcnemar.h"

#include <gtest/gtest.h>

#include <cmath>

namespace inkling {
namespace {

TEST(McNemar, IsTheExactBinomialOnHandCases) {
  EXPECT_DOUBLE_EQ(mcnemar_exact(0, 0), 1);
  EXPECT_NEAR(mcnemar_exact(1, 0), 1, 1e-14);
  EXPECT_NEAR(mcnemar_exact(0, 5), 2.0 / 32, 1e-14);
  EXPECT_NEAR(mcnemar_exact(1, 5), 2 * (1.0 + 6) / 64, 1e-14);
  EXPECT_NEAR(mcnemar_exact(2, 8), 2 * (1.0 + 10 + 45) / 1024, 1e-14);
  EXPECT_NEAR(mcnemar_exact(3, 3), 1, 1e-14);  // twice the tail is more than 1
  EXPECT_NEAR(mcnemar_exact(10, 0), 2.0 / 1024, 1e-14);
}

// scipy.stats.binomtest(k, n, 0.5).pvalue, scipy 1.10.1.
TEST(McNemar, AgreesWithScipy) {
  EXPECT_NEAR(mcnemar_exact(15, 32), 0.018623836615006432, 1e-12);
  EXPECT_NEAR(mcnemar_exact(100, 140), 0.01166409231767769, 1e-12);
  EXPECT_NEAR(mcnemar_exact(480, 520), 0.2174482932041409, 1e-11);
}

TEST(McNemar, DoesNotCareWhichIsFirst) {
  for (int a = 0; a < 30; ++a) {
    for (int b = 0; b < 30; ++b) EXPECT_EQ(mcnemar_exact(a, b), mcnemar_exact(b, a));
  }
}

TEST(McNemar, OfThousandsNeitherOverflowsNorVanishes) {
  EXPECT_NEAR(mcnemar_exact(5000, 5000), 1, 1e-9);
  EXPECT_GT(mcnemar_exact(40, 700), 0);
  EXPECT_LT(mcnemar_exact(40, 700), 1e-100);
}

}  // namespace
}  // namespace inkling

#include "stats/chi_square.h"

#include <gtest/gtest.h>

#include <cmath>

namespace inkling {
namespace {

struct Known {
  double a, x, q;
};

// scipy 1.10.1: scipy.special.gammaincc(a, x).
TEST(UpperGamma, AgreesWithScipy) {
  for (const Known& k :
       {Known{0.5, 0.5, 0.31731050786291115}, Known{1, 2, 0.1353352832366127},
        Known{4.5, 1, 0.9914676066288135}, Known{4.5, 30, 1.3406780483959625e-09},
        Known{100, 90, 0.84177901081357}, Known{100, 130, 0.002750408367306518},
        Known{3, 0.001, 0.9999999998334583}, Known{50000, 50000, 0.4994052918952067},
        Known{4.5, 300, 2.0941845519358376e-123}}) {
    EXPECT_NEAR(upper_gamma(k.a, k.x) / k.q, 1, 1e-10) << k.a << " " << k.x;
  }
}

TEST(UpperGamma, SeriesAndFractionMeet) {
  for (const double a : {0.5, 3.0, 40.0, 1000.0}) {  // they change over at a + 1
    const double below = upper_gamma(a, (a + 1) * (1 - 1e-9)), above = upper_gamma(a, a + 1);
    EXPECT_NEAR(below / above, 1, 1e-7);
    EXPECT_GT(below, above);
  }
}

// scipy 1.10.1: scipy.stats.chi2.sf(statistic, k).
TEST(ChiSquareP, AgreesWithScipy) {
  EXPECT_NEAR(chi_square_p(16.918977604620448, 9), 0.05, 1e-13);
  EXPECT_NEAR(chi_square_p(3.841458820694124, 1), 0.05, 1e-13);
  EXPECT_NEAR(chi_square_p(0.5, 9), 0.9999695662588389, 1e-13);
  EXPECT_NEAR(chi_square_p(120, 99), 0.07424385580596692, 1e-13);
  EXPECT_NEAR(chi_square_p(250, 9) / 9.976151469298895e-49, 1, 1e-10);
}

TEST(ChiSquareP, OfNothingIsOne) {
  EXPECT_EQ(chi_square_p(0, 9), 1);
  EXPECT_EQ(chi_square_p(0, 0), 1);
}

}  // namespace
}  // namespace inkling

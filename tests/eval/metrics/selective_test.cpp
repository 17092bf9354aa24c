#include "eval/metrics/selective.h"

#include <gtest/gtest.h>

namespace inkling {
namespace {

TEST(Selective, AgreesWithHandArithmetic) {
  // By falling confidence: right, wrong, right, wrong. Risks 0, 1/2, 1/3, 1/2.
  const Selective s = measure_selective({{0.7, true}, {0.9, true}, {0.6, false}, {0.8, false}});
  EXPECT_DOUBLE_EQ(s.aurc, (0 + 1.0 / 2 + 1.0 / 3 + 1.0 / 2) / 4);
  EXPECT_DOUBLE_EQ(s.aurc_best, (0 + 0 + 1.0 / 3 + 1.0 / 2) / 4);
  EXPECT_DOUBLE_EQ(s.aurc_random, 0.5);
  ASSERT_EQ(s.curve.size(), 4u);
  EXPECT_DOUBLE_EQ(s.curve[1].coverage, 0.5);
  EXPECT_DOUBLE_EQ(s.curve[1].risk, 0.5);
  EXPECT_DOUBLE_EQ(s.curve[1].confidence, 0.8);
  EXPECT_DOUBLE_EQ(s.curve[3].coverage, 1);
}

TEST(Selective, EqualConfidencesCountInExpectationWhateverTheirOrder) {
  const Selective a = measure_selective({{0.9, false}, {0.9, true}, {0.9, true}, {0.5, false}});
  const Selective b = measure_selective({{0.5, false}, {0.9, true}, {0.9, true}, {0.9, false}});
  EXPECT_DOUBLE_EQ(a.aurc, (1.0 / 3 + 1.0 / 3 + 1.0 / 3 + 0.5) / 4);
  EXPECT_EQ(a.aurc, b.aurc);
  EXPECT_DOUBLE_EQ(a.curve[0].risk, 1.0 / 3);
}

TEST(Selective, CurveOfManyImagesHasAPointAPercent) {
  std::vector<Verdict> verdicts;
  for (int i = 0; i < 10'000; ++i) verdicts.push_back({i / 10'000.0, i >= 300});
  const Selective s = measure_selective(verdicts);
  ASSERT_EQ(s.curve.size(), 100u);
  for (size_t p = 0; p < 100; ++p) {
    EXPECT_DOUBLE_EQ(s.curve[p].coverage, double(p + 1) / 100);
    EXPECT_NEAR(s.curve[p].risk, p < 97 ? 0 : (double(p) - 96) / double(p + 1), 1e-12);
  }
  EXPECT_NEAR(s.aurc, s.aurc_best, 1e-15);
  EXPECT_DOUBLE_EQ(s.aurc_random, 0.03);
}

TEST(Selective, WithoutMistakesThereIsNoRisk) {
  const Selective s = measure_selective({{1, true}});
  EXPECT_EQ(s.aurc, 0);
  EXPECT_EQ(s.aurc_best, 0);
  EXPECT_EQ(s.aurc_random, 0);
}

}  // namespace
}  // namespace inkling

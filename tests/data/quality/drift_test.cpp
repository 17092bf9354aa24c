#include "data/quality/drift.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "support/drawn_dataset.h"

namespace inkling {
namespace {

std::vector<uint32_t> every(const Dataset& dataset) {
  std::vector<uint32_t> indices(dataset.size());
  std::iota(indices.begin(), indices.end(), 0u);
  return indices;
}

Drift drift_between(const Dataset& a, const Dataset& b) {
  return measure_drift(a, every(a), b, every(b), 0);
}

// By hand: expected 20 each, (10² + 0 + 10²) / 20 = 10; p is scipy's chi2.sf(10, 2).
TEST(BalanceTest, AgreesWithAHandCase) {
  const std::vector<int> counts = {10, 20, 30};
  const ChiSquareTest test = balance_test(counts);
  EXPECT_DOUBLE_EQ(test.chi2, 10);
  EXPECT_EQ(test.degrees_of_freedom, 2);
  EXPECT_NEAR(test.p, 0.006737946999085468, 1e-14);
}

TEST(BalanceTest, OfEqualCountsIsOne) {
  const std::vector<int> counts = {7, 7, 7};
  EXPECT_EQ(balance_test(counts).chi2, 0);
  EXPECT_EQ(balance_test(counts).p, 1);
}

// The 2x2 table 10 20 / 30 40, by n (ad - bc)² / (row and column sums): 100·200² / (30·70·40·60).
TEST(HomogeneityTest, AgreesWithAHandCase) {
  const std::vector<int> first = {10, 20, 0}, second = {30, 40, 0};
  const ChiSquareTest test = homogeneity_test(first, second);
  EXPECT_NEAR(test.chi2, 100.0 * 200 * 200 / (30.0 * 70 * 40 * 60), 1e-12);
  EXPECT_EQ(test.degrees_of_freedom, 1);  // the class nobody has does not count
}

TEST(HomogeneityTest, OfAnEmptySetIsOne) {
  const std::vector<int> first = {10, 20}, second = {0, 0};
  EXPECT_EQ(homogeneity_test(first, second).p, 1);
}

TEST(Drift, IsSmallBetweenSetsOfOneSource) {
  const Drift drift = drift_between(drawn_dataset({.images = 800, .seed = 1}),
                                    drawn_dataset({.images = 800, .seed = 2}));
  EXPECT_GT(drift.labels.p, 0.99);
  ASSERT_EQ(drift.shifts.size(), 4u);
  for (const MeanShift& shift : drift.shifts) {
    EXPECT_GT(shift.p, 0.001) << shift.what;
    EXPECT_LT(std::fabs(shift.d), kSmallShift) << shift.what;
  }
  EXPECT_LT(drift.mean_image_d, 0.1);
  EXPECT_LT(drift.mean_image_ratio, 1.3);  // below 1: both sets hold each class equally often
}

TEST(Drift, OfASetWithItselfIsZero) {
  const Dataset dataset = drawn_dataset({.images = 100});
  const Drift drift = drift_between(dataset, dataset);
  for (const MeanShift& shift : drift.shifts) {
    EXPECT_EQ(shift.d, 0);
    EXPECT_EQ(shift.p, 1);
  }
  EXPECT_EQ(drift.mean_image_d, 0);
}

TEST(Drift, SeesImagesMovedByAPixel) {
  const Dataset first = drawn_dataset({.images = 400, .side = 16, .seed = 1});
  Dataset second = drawn_dataset({.images = 400, .side = 16, .seed = 2});
  for (size_t row = 0; row < second.bytes().size(); row += 16) {
    const auto begin = second.bytes().begin() + static_cast<std::ptrdiff_t>(row);
    std::rotate(begin, begin + 14, begin + 16);
  }
  const Drift drift = drift_between(first, second);
  EXPECT_GT(drift.mean_image_d, kSmallShift);
  EXPECT_GT(drift.mean_image_ratio, 3);
}

TEST(Drift, SeesBrighterImages) {
  const Dataset first = drawn_dataset({.images = 400, .seed = 1});
  Dataset second = drawn_dataset({.images = 400, .seed = 2});
  for (uint8_t& v : second.bytes()) v = static_cast<uint8_t>(std::min(255, v + 20));
  const MeanShift shift = drift_between(first, second).shifts[0];
  EXPECT_EQ(shift.what, "brightness");
  EXPECT_NEAR(shift.second - shift.first, 20.0 / 255, 0.005);
  EXPECT_GT(shift.d, 1);
  EXPECT_LT(shift.p, 1e-10);
}

TEST(Drift, SeesAMissingClass) {
  const Dataset first = drawn_dataset({.images = 400});
  std::vector<uint32_t> without;
  for (uint32_t i = 0; i < first.size(); ++i) {
    if (first.labels[i] != 2) without.push_back(i);
  }
  const Drift drift = measure_drift(first, every(first), first, without, 0);
  EXPECT_LT(drift.labels.p, 1e-6);
  EXPECT_GT(drift.labels.effect, 0.1);
}

}  // namespace
}  // namespace inkling

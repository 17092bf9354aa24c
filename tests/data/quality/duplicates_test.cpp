#include "data/quality/duplicates.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <utility>

#include "data/quality/principal_directions.h"
#include "data/quality/signature.h"
#include "support/drawn_dataset.h"

namespace inkling {
namespace {

using testing::IsEmpty;

void copy_image(const Dataset& from, uint32_t i, Dataset& to, uint32_t j) {
  std::copy(from.image(i).begin(), from.image(i).end(),
            to.bytes().begin() + static_cast<std::ptrdiff_t>(j * to.image_size()));
}

struct TwoSets : testing::Test {
  Dataset train = drawn_dataset({.images = 300, .side = 16, .seed = 1});
  Dataset test = drawn_dataset({.images = 100, .side = 16, .seed = 2});
  std::vector<const Dataset*> sets = {&train, &test};
};

using Duplicates = TwoSets;
using NearDuplicates = TwoSets;

TEST_F(Duplicates, AreNoneAmongDifferentImages) { EXPECT_THAT(find_duplicates(sets), IsEmpty()); }

TEST_F(Duplicates, AreFoundInsideAndAcrossSets) {
  copy_image(train, 7, train, 40);
  copy_image(train, 7, train, 90);
  copy_image(train, 12, test, 3);
  copy_image(test, 50, test, 51);
  const std::vector<TwinImages> twins = find_duplicates(sets);
  ASSERT_EQ(twins.size(), 4u);
  const std::vector<std::pair<ImageRef, ImageRef>> expected = {
      {{0, 7}, {0, 40}}, {{0, 7}, {0, 90}}, {{0, 12}, {1, 3}}, {{1, 50}, {1, 51}}};
  for (size_t i = 0; i < 4; ++i) {
    EXPECT_TRUE(twins[i].first == expected[i].first) << i;
    EXPECT_TRUE(twins[i].second == expected[i].second) << i;
  }
}

TEST_F(Duplicates, DifferByNotEvenOneGreyLevel) {
  copy_image(train, 7, train, 40);
  train.bytes()[40 * train.image_size() + 100] ^= 1;
  EXPECT_THAT(find_duplicates(sets), IsEmpty());
}

TEST_F(NearDuplicates, AreNoneAmongNoisyImages) {
  EXPECT_THAT(find_near_duplicates(sets, {}), IsEmpty());
}

TEST_F(NearDuplicates, AreFoundWhenSlightlyChangedOrDarker) {
  copy_image(train, 7, train, 40);
  train.bytes()[40 * train.image_size() + 100] ^= 8;
  copy_image(train, 12, test, 3);
  // The background is what most border pixels are; make it 0 so that scaling leaves it alone.
  for (Dataset* set : {&train, &test}) {
    for (uint32_t i = 0; i < set->size(); ++i) {
      for (size_t p = 0; p < set->image_size(); ++p) {
        const size_t x = p % 16, y = p / 16;
        if (x == 0 || y == 0 || x == 15 || y == 15) set->bytes()[i * set->image_size() + p] = 0;
      }
    }
  }
  for (size_t p = 0; p < test.image_size(); ++p) {
    uint8_t& v = test.bytes()[3 * test.image_size() + p];
    v = static_cast<uint8_t>(v * 3 / 4);
  }
  const std::vector<TwinImages> twins = find_near_duplicates(sets, find_duplicates(sets));
  ASSERT_EQ(twins.size(), 2u);
  for (const TwinImages& twin : twins) {
    const bool across = twin.second.set == 1;
    EXPECT_TRUE(twin.first == (across ? ImageRef{0, 12} : ImageRef{0, 7}));
    EXPECT_TRUE(twin.second == (across ? ImageRef{1, 3} : ImageRef{0, 40}));
    EXPECT_LT(twin.distance, kNearRadius);
    EXPECT_GT(twin.distance, 0);
  }
}

TEST_F(NearDuplicates, LeaveExactOnesToTheExactSearch) {
  copy_image(train, 7, train, 40);
  const std::vector<TwinImages> exact = find_duplicates(sets);
  EXPECT_EQ(exact.size(), 1u);
  EXPECT_THAT(find_near_duplicates(sets, exact), IsEmpty());
}

// A radius that one pair in two hundred is within: the search through cells must find the same
// images as looking at every pair does.
TEST_F(NearDuplicates, MissNothingThatEveryPairWouldShow) {
  const int background = background_of(sets);
  std::vector<std::vector<double>> units;
  for (const Dataset* set : sets) {
    for (uint32_t i = 0; i < set->size(); ++i) {
      std::vector<double> unit;
      double squares = 0;
      for (const uint8_t v : set->image(i)) {
        unit.push_back(std::abs(v - background));
        squares += unit.back() * unit.back();
      }
      for (double& v : unit) v /= std::sqrt(squares);
      units.push_back(std::move(unit));
    }
  }
  std::vector<double> distances, nearest_before(units.size(), 2);
  for (size_t i = 0; i < units.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      double sum = 0;
      for (size_t p = 0; p < units[i].size(); ++p) sum += std::pow(units[i][p] - units[j][p], 2);
      distances.push_back(std::sqrt(sum));
      nearest_before[i] = std::min(nearest_before[i], distances.back());
    }
  }
  std::sort(distances.begin(), distances.end());
  const size_t rank = distances.size() / 200;
  const double radius = (distances[rank] + distances[rank + 1]) / 2;
  const auto expected = std::count_if(nearest_before.begin(), nearest_before.end(),
                                      [&](double d) { return d <= radius; });
  EXPECT_GT(expected, 50);
  EXPECT_EQ(static_cast<std::ptrdiff_t>(find_near_duplicates(sets, {}, radius).size()), expected);
}

TEST_F(NearDuplicates, OfTinyImagesWork) {
  Dataset dots;
  dots.height = dots.width = 1;
  dots.classes = 2;
  dots.images = std::vector<uint8_t>{10, 200, 90};
  dots.labels = {0, 1, 0};
  const Dataset* one[] = {&dots};
  EXPECT_EQ(find_near_duplicates(one, {}).size(), 1u);  // 10 and 200 at background 90
}

TEST(PrincipalDirections, AreThoseOfLargestVariance) {
  // Variance 9 along (0.6, 0.8, 0), 1 along the third axis, none along the remaining one.
  std::vector<std::vector<float>> points;
  for (const float a : {-3.0F, 3.0F}) {
    for (const float b : {-1.0F, 1.0F}) points.push_back({0.6F * a + 5, 0.8F * a, b});
  }
  std::vector<const float*> rows;
  for (const auto& point : points) rows.push_back(point.data());
  const std::vector<float> d = principal_directions(rows, 3, 3);
  EXPECT_NEAR(std::fabs(d[0]), 0.6, 1e-5);
  EXPECT_NEAR(std::fabs(d[1]), 0.8, 1e-5);
  EXPECT_NEAR(std::fabs(d[5]), 1, 1e-5);
  EXPECT_NEAR(std::fabs(d[6]), 0.8, 1e-5);  // any direction of no variance, orthogonal to both
}

}  // namespace
}  // namespace inkling

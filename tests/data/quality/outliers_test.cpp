#include "data/quality/outliers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "support/drawn_dataset.h"

namespace inkling {
namespace {

constexpr uint32_t kOdd = 33;

Dataset with_one_inverted() {
  Dataset dataset = drawn_dataset({.images = 800, .side = 16});
  for (size_t p = 0; p < dataset.image_size(); ++p) {
    uint8_t& v = dataset.bytes()[kOdd * dataset.image_size() + p];
    v = static_cast<uint8_t>(255 - v);
  }
  return dataset;
}

TEST(Outliers, AreNoneAmongImagesOfOneKind) {
  EXPECT_THAT(find_outliers(drawn_dataset({.images = 800, .side = 16}), {}, 0), testing::IsEmpty());
}

TEST(Outliers, AnInvertedImageIsOne) {
  const Dataset dataset = with_one_inverted();
  const std::vector<Outlier> outliers = find_outliers(dataset, {}, 0);
  ASSERT_EQ(outliers.size(), 1u);
  EXPECT_EQ(outliers[0].index, kOdd);
  EXPECT_EQ(outliers[0].label, dataset.labels[kOdd]);
  EXPECT_GT(outliers[0].z, kOutlierZ);
}

TEST(Outliers, BlankImagesStandAside) {
  const std::vector<uint32_t> blank = {kOdd};
  EXPECT_THAT(find_outliers(with_one_inverted(), blank, 0), testing::IsEmpty());
}

TEST(Outliers, SmallClassesAndImagesAllAlikeGiveNone) {
  Dataset dataset = with_one_inverted();
  dataset.bytes().resize(70 * dataset.image_size());  // 4 classes of fewer than 20
  dataset.labels.resize(70);
  EXPECT_THAT(find_outliers(dataset, {}, 0), testing::IsEmpty());
  Dataset same = drawn_dataset({.images = 800, .side = 16});
  std::fill(same.bytes().begin(), same.bytes().end(), uint8_t{9});
  EXPECT_THAT(find_outliers(same, {}, 0), testing::IsEmpty());
}

}  // namespace
}  // namespace inkling

#include "data/pixel_statistics.h"

#include <gtest/gtest.h>

#include <cmath>

#include "support/mnist.h"

namespace inkling {
namespace {

Dataset two_by_one(std::vector<uint8_t> pixels) {
  Dataset dataset;
  dataset.height = 1;
  dataset.width = 2;
  dataset.labels.resize(pixels.size() / 2);
  dataset.images = std::move(pixels);
  return dataset;
}

TEST(PixelStatistics, AgreeWithHandArithmetic) {
  const PixelStatistics s = pixel_statistics(two_by_one({0, 255, 51, 102}));
  EXPECT_DOUBLE_EQ(s.mean, 0.4);            // (0 + 1 + 0.2 + 0.4)/4
  EXPECT_DOUBLE_EQ(s.sd, std::sqrt(0.14));  // mean square 0.3, less 0.16
}

TEST(PixelStatistics, CountOnlyTheChosenImages) {
  const Dataset dataset = two_by_one({0, 0, 255, 255, 7, 9});
  const PixelStatistics s = pixel_statistics(dataset, std::vector<uint32_t>{0, 1});
  EXPECT_DOUBLE_EQ(s.mean, 0.5);
  EXPECT_DOUBLE_EQ(s.sd, 0.5);
}

TEST(PixelStatistics, OfPixelsAllAlikeHaveNoSpread) {
  const PixelStatistics s = pixel_statistics(two_by_one({77, 77, 77, 77}));
  EXPECT_DOUBLE_EQ(s.mean, 77.0 / 255);
  EXPECT_EQ(s.sd, 0.0);
}

TEST(PixelStatistics, NormaliseByADeviationOfOneWhereEveryPixelIsAlike) {
  EXPECT_DOUBLE_EQ((PixelStatistics{.mean = 0.25, .sd = 0.5}).normalised(1), 1.5);
  EXPECT_DOUBLE_EQ((PixelStatistics{.mean = 0.25, .sd = 0}).normalised(1), 0.75);
}

TEST(PixelStatistics, OfMnistTrainAreTheKnownOnes) {
  SKIP_WITHOUT_MNIST();
  const PixelStatistics s = pixel_statistics(load_dataset("mnist", Split::kTrain));
  EXPECT_NEAR(s.mean, 0.1307, 0.00005);
  EXPECT_NEAR(s.sd, 0.3081, 0.00005);
}

}  // namespace
}  // namespace inkling

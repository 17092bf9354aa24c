#include "data/pixel_statistics.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"
#include "support/drawn_dataset.h"
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

// n·Σv² − (Σv)² has up to 80 bits, and its square root shows every one of the first 53.
TEST(PixelStatistics, AreThoseOfExactIntegers) {
  for (uint64_t seed = 1; seed <= 300; ++seed) {
    Random random(seed);
    const uint64_t range = 1 + random.below(256), from = random.below(257 - range);
    std::vector<uint8_t> pixels(2 * (1 + random.below(2000)));
    unsigned __int128 sum = 0, squares = 0;
    for (uint8_t& v : pixels) {
      v = static_cast<uint8_t>(from + random.below(range));
      sum += v;
      squares += uint64_t{v} * v;
    }
    const auto n = static_cast<double>(pixels.size());
    const auto scaled = static_cast<double>(pixels.size() * squares - sum * sum);
    const PixelStatistics s = pixel_statistics(two_by_one(pixels));
    ASSERT_EQ(s.sd, std::sqrt(scaled) / n / 255) << seed;
    ASSERT_EQ(s.mean, static_cast<double>(sum) / n / 255) << seed;
  }
}

// 62-bit products: a double has 53.
TEST(PixelStatistics, OfManyPixelsAreThoseOfExactIntegers) {
  Dataset dataset{.name = "white", .height = 1000, .width = 2000};
  dataset.images = std::vector<uint8_t>(2'000'000, 255);
  dataset.bytes()[7] = 254;
  const double n = 2e6;  // variance = p (1 - p) with p = 1 / n: n times it is 1 - p
  EXPECT_EQ(pixel_statistics(dataset).sd, std::sqrt(n - 1) / n / 255);
}

TEST(PixelStatistics, OfFloatsAgreeWithThoseOfBytes) {
  const Dataset bytes = two_by_one({0, 255, 51, 102, 7, 9}), floats = in_floats(bytes);
  const PixelStatistics b = pixel_statistics(bytes), f = pixel_statistics(floats);
  EXPECT_NEAR(f.mean, b.mean, 1e-7);
  EXPECT_NEAR(f.sd, b.sd, 1e-7);
  const PixelStatistics first = pixel_statistics(floats, std::vector<uint32_t>{0});
  EXPECT_EQ(first.mean, 0.5);
  EXPECT_EQ(first.sd, 0.5);
}

TEST(PixelStatistics, OfMnistTrainAreTheKnownOnes) {
  SKIP_WITHOUT_MNIST();
  const PixelStatistics s = pixel_statistics(load_dataset("mnist", Split::kTrain));
  EXPECT_NEAR(s.mean, 0.1307, 0.00005);
  EXPECT_NEAR(s.sd, 0.3081, 0.00005);
}

}  // namespace
}  // namespace inkling

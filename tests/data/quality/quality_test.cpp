#include "data/quality/quality.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "data/quality/signature.h"
#include "data/sources/sources.h"
#include "support/drawn_dataset.h"
#include "support/expect_error.h"
#include "support/mnist.h"

namespace inkling {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr int kSide = 20;

// White squares of 4x4 on black, their corner at (x, y).
Dataset squares(const std::vector<std::pair<int, int>>& corners) {
  Dataset dataset;
  dataset.height = dataset.width = kSide;
  dataset.classes = 2;
  dataset.class_names = {"a", "b"};
  for (const auto& [left, top] : corners) {
    for (int y = 0; y < kSide; ++y) {
      for (int x = 0; x < kSide; ++x) {
        const bool ink = x >= left && x < left + 4 && y >= top && y < top + 4;
        dataset.bytes().push_back(ink ? 200 : 0);
      }
    }
    dataset.labels.push_back(0);
  }
  return dataset;
}

TEST(Quality, CountsClassesAndPixelValues) {
  Dataset dataset = squares({{8, 8}, {8, 8}, {8, 8}});
  dataset.labels = {0, 1, 0};
  const SplitQuality quality = measure_quality(dataset, 0);
  EXPECT_EQ(quality.n, 3);
  EXPECT_THAT(quality.per_class, ElementsAre(2, 1));
  EXPECT_EQ(quality.histogram[200], 48u);
  EXPECT_EQ(quality.histogram[0], 3u * kSide * kSide - 48);
  EXPECT_NEAR(quality.pixels.mean, 200.0 / 255 * 16 / 400, 1e-12);
}

TEST(Quality, MeanImagesAreMeansOfTheirClass) {
  Dataset dataset = squares({{8, 8}, {8, 8}, {0, 0}});
  dataset.labels = {0, 1, 1};
  const SplitQuality quality = measure_quality(dataset, 0);
  EXPECT_EQ(quality.class_means[0][8 * kSide + 8], 200);
  EXPECT_EQ(quality.class_means[1][8 * kSide + 8], 100);
  EXPECT_NEAR(quality.mean_image[8 * kSide + 8], 400.0 / 3, 1e-9);
}

TEST(Quality, FloatsAndUnlabelledImagesAreRefusedByName) {
  Dataset dataset = squares({{8, 8}});
  dataset.name = "squares";
  EXPECT_ERROR(measure_quality(in_floats(dataset), 0), ErrorKind::kInput, "squares", "bytes");
  dataset.labels.clear();
  EXPECT_ERROR(measure_quality(dataset, 0), ErrorKind::kInput, "squares", "no labels");
}

TEST(Quality, AnAbsentClassHasNoMean) {
  EXPECT_THAT(measure_quality(squares({{8, 8}}), 0).class_means[1], IsEmpty());
}

TEST(Quality, FindsBlankImagesWhateverTheirShade) {
  Dataset dataset = squares({{8, 8}, {8, 8}, {8, 8}, {8, 8}});
  const auto image = [&](int i) { return dataset.bytes().begin() + i * kSide * kSide; };
  std::fill(image(1), image(2), uint8_t{0});
  std::fill(image(3), image(4), uint8_t{255});
  *image(3) = 255 - kBlankRange + 1;  // noise
  const SplitQuality quality = measure_quality(dataset, 0);
  EXPECT_THAT(quality.blank, ElementsAre(1, 3));
  EXPECT_THAT(quality.saturated, IsEmpty());  // the white one is reported once
}

TEST(Quality, FindsSaturatedImages) {
  Dataset dataset = squares({{8, 8}, {8, 8}});
  std::fill(dataset.bytes().begin() + 400, dataset.bytes().begin() + 400 + 201, uint8_t{255});
  EXPECT_THAT(measure_quality(dataset, 0).saturated, ElementsAre(1));
}

TEST(Quality, FindsImagesOffCentre) {
  // The middle of a square at (8, 8) is the image's; 2 pixels are a tenth of the side, 3 are more.
  EXPECT_THAT(measure_quality(squares({{8, 8}, {10, 8}, {11, 8}, {8, 5}}), 0).off_centre,
              ElementsAre(2, 3));
}

TEST(InkCentre, IsMeasuredFromTheBackgroundInk) {
  Dataset dataset = squares({{11, 6}});
  InkCentre centre = ink_centre(dataset, 0, 0);
  EXPECT_DOUBLE_EQ(centre.x, 3);
  EXPECT_DOUBLE_EQ(centre.y, -2);
  for (uint8_t& v : dataset.bytes()) v = static_cast<uint8_t>(255 - v);
  centre = ink_centre(dataset, 0, 255);
  EXPECT_DOUBLE_EQ(centre.x, 3);
  EXPECT_DOUBLE_EQ(centre.y, -2);
}

TEST(Background, IsTheMedianOfTheBorder) {
  Dataset dataset = squares({{0, 0}, {8, 8}});  // one touches the border
  const Dataset* sets[] = {&dataset};
  EXPECT_EQ(background_of(sets), 0);
  for (uint8_t& v : dataset.bytes()) v = static_cast<uint8_t>(255 - v);
  EXPECT_EQ(background_of(sets), 255);
}

TEST(Signature, IsAProjectionThatShortensDistances) {
  const Dataset dataset = squares({{8, 8}, {9, 8}, {2, 13}});
  const std::vector<float> signatures = signatures_of(dataset, 0);
  const size_t cells = SignatureGrid(dataset).size();
  ASSERT_EQ(cells, 49u);
  for (size_t i = 0; i < 3; ++i) {
    for (size_t j = 0; j < i; ++j) {
      double of_signatures = 0, of_images = 0;
      for (size_t c = 0; c < cells; ++c) {
        of_signatures += std::pow(signatures[i * cells + c] - signatures[j * cells + c], 2);
      }
      for (size_t p = 0; p < dataset.image_size(); ++p) {
        of_images += std::pow((dataset.image(i)[p] - dataset.image(j)[p]) / 255.0, 2);
      }
      EXPECT_LE(of_signatures, of_images * 1.000001);
      EXPECT_GT(of_signatures, 0);
    }
  }
}

TEST(Signature, OfAnImageSmallerThanTheGridHasACellAPixel) {
  Dataset dataset;
  dataset.height = 1;
  dataset.width = 2;
  dataset.classes = 2;
  dataset.images = std::vector<uint8_t>{0, 255};
  dataset.labels = {0};
  EXPECT_THAT(signatures_of(dataset, 0), ElementsAre(0.0F, testing::FloatNear(1, 1e-6)));
}

TEST(Quality, OfMnistIsTheKnownOne) {
  SKIP_WITHOUT_MNIST();
  const Dataset train = load_dataset("mnist", Split::kTrain);
  const Dataset* sets[] = {&train};
  const SplitQuality quality = measure_quality(train, background_of(sets));
  EXPECT_NEAR(quality.pixels.mean, 0.1307, 5e-5);
  EXPECT_NEAR(quality.pixels.sd, 0.3081, 5e-5);
  EXPECT_THAT(quality.per_class,
              ElementsAre(5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949));
  EXPECT_THAT(quality.blank, IsEmpty());
  EXPECT_THAT(quality.off_centre, IsEmpty());
}

}  // namespace
}  // namespace inkling

#include "data/dataset.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/expect_error.h"

namespace inkling {
namespace {

// Two images of three pixels.
Dataset canvas() {
  Dataset dataset{.name = "canvas", .height = 1, .width = 3, .classes = 2};
  dataset.images = std::vector<float>{0, 0.5F, 1, -0.25F, 0.1F, 1.5F};
  return dataset;
}

TEST(Dataset, CountsItsImagesByTheirPixels) {
  EXPECT_EQ(canvas().size(), 2u);
  EXPECT_EQ(canvas().image_size(), 3u);
  EXPECT_EQ(Dataset().size(), 0u);
}

TEST(Dataset, WhatNeedsBytesRefusesFloatsByName) {
  EXPECT_ERROR(canvas().bytes(), ErrorKind::kInput, "canvas", "bytes", "floats");
  const Dataset dataset = canvas();
  EXPECT_ERROR(dataset.bytes(), ErrorKind::kInput, "canvas");
  EXPECT_ERROR(dataset.image(1), ErrorKind::kInput, "canvas");
}

TEST(Dataset, WhatNeedsLabelsRefusesAnUnlabelledOneByName) {
  Dataset dataset = canvas();
  EXPECT_ERROR(expect_labels(dataset), ErrorKind::kInput, "canvas", "no labels");
  dataset.labels = {0, 1};
  expect_labels(dataset);
}

TEST(Dataset, FloatsInBytesAreClippedAndRounded) {
  EXPECT_THAT(image_in_bytes(canvas(), 0), testing::ElementsAre(0, 128, 255));
  EXPECT_THAT(image_in_bytes(canvas(), 1), testing::ElementsAre(0, 26, 255));
  Dataset bytes = canvas();
  bytes.images = std::vector<uint8_t>{1, 2, 3, 4, 5, 6};
  EXPECT_THAT(image_in_bytes(bytes, 1), testing::ElementsAre(4, 5, 6));
}

}  // namespace
}  // namespace inkling

#include "data/scale.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace inkling {
namespace {

using testing::Each;
using testing::ElementsAre;

Picture grey(int height, int width, std::vector<uint8_t> pixels) {
  return {.width = width, .height = height, .channels = 1, .had_alpha = false, .pixels = pixels};
}

TEST(Scale, SameSizeIsTheSamePicture) {
  EXPECT_THAT(scaled(grey(2, 2, {1, 2, 3, 255}), 2, 2).pixels, ElementsAre(1, 2, 3, 255));
}

TEST(Scale, ShrinkingTakesTheMeanOfTheAreaCovered) {
  EXPECT_THAT(scaled(grey(2, 4, {0, 10, 20, 30, 40, 50, 60, 70}), 1, 2).pixels,
              ElementsAre(25, 45));
  // 3 -> 2: each covers one pixel and half of the middle one.
  EXPECT_THAT(scaled(grey(1, 3, {0, 90, 255}), 1, 2).pixels, ElementsAre(30, 200));
}

TEST(Scale, GrowingIsLinearBetweenCentres) {
  EXPECT_THAT(scaled(grey(1, 2, {0, 100}), 1, 4).pixels, ElementsAre(0, 25, 75, 100));
}

TEST(Scale, OneDirectionMayGrowWhileTheOtherShrinks) {
  EXPECT_THAT(scaled(grey(2, 2, {0, 100, 100, 200}), 1, 4).pixels, ElementsAre(50, 75, 125, 150));
}

TEST(Scale, ColoursStayApart) {
  const Picture rgb = {.width = 2,
                       .height = 1,
                       .channels = 3,
                       .had_alpha = false,
                       .pixels = {10, 20, 30, 20, 40, 60}};
  EXPECT_THAT(scaled(rgb, 1, 1).pixels, ElementsAre(15, 30, 45));
}

TEST(Scale, PlainPictureStaysPlainAtEverySize) {
  for (const uint8_t value : {0, 1, 254, 255}) {
    for (int height = 1; height < 60; height += height < 6 ? 1 : 9) {
      for (int width = 1; width < 60; width += width < 6 ? 1 : 9) {
        const Picture plain = grey(height, width, std::vector<uint8_t>(height * width, value));
        for (const int to : {1, 2, 3, 28, 57}) {
          const Picture picture = scaled(plain, to, 29);
          EXPECT_EQ(picture.height, to);
          EXPECT_EQ(picture.width, 29);
          EXPECT_EQ(picture.pixels.size(), size_t(to) * 29);
          EXPECT_THAT(picture.pixels, Each(value)) << height << 'x' << width << " to " << to;
        }
      }
    }
  }
}

}  // namespace
}  // namespace inkling

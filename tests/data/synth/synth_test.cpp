#include "data/synth/synth.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "data/pixel_statistics.h"

namespace inkling {
namespace {

struct Ink {
  int left = 1 << 20, top = 1 << 20, right = -1, bottom = -1;  // of pixels that are not paper
  double x = 0, y = 0;                                         // centre of mass, pixel indices
  double mass = 0;
  int side() const { return std::max(right - left, bottom - top) + 1; }
};

Ink ink_of(std::span<const uint8_t> pixels, int width) {
  Ink ink;
  for (size_t i = 0; i < pixels.size(); ++i) {
    if (pixels[i] == 0) continue;
    const int x = static_cast<int>(i) % width, y = static_cast<int>(i) / width;
    ink.left = std::min(ink.left, x), ink.right = std::max(ink.right, x);
    ink.top = std::min(ink.top, y), ink.bottom = std::max(ink.bottom, y);
    ink.mass += pixels[i];
    ink.x += pixels[i] * double(x);
    ink.y += pixels[i] * double(y);
  }
  ink.x /= ink.mass;
  ink.y /= ink.mass;
  return ink;
}

TEST(SynthesiseDigits, SameSeedGivesTheSameBytesAnotherSeedOthers) {
  const Dataset one = synthesise_digits(200, 5), again = synthesise_digits(200, 5);
  EXPECT_EQ(one.bytes(), again.bytes());
  EXPECT_EQ(one.labels, again.labels);
  const Dataset other = synthesise_digits(200, 6);
  EXPECT_NE(one.bytes(), other.bytes());
  EXPECT_NE(one.labels, other.labels);
}

TEST(SynthesiseDigits, ImageDependsOnItsIndexAndNotOnTheCount) {
  const Dataset many = synthesise_digits(150, 5), few = synthesise_digits(20, 5, {}, 130);
  ASSERT_EQ(few.size(), 20u);
  for (size_t i = 0; i < few.size(); ++i) {
    EXPECT_EQ(few.labels[i], many.labels[130 + i]);
    EXPECT_TRUE(std::ranges::equal(few.image(i), many.image(130 + i))) << i;
  }
}

TEST(SynthesiseDigits, ThreadsDoNotShow) {
  const Dataset alone = synthesise_digits(500, 5);
  for (const int threads : {1, 2, 5}) {
    ThreadPool pool(threads);
    const Dataset shared = synthesise_digits(500, 5, {}, 0, &pool);
    EXPECT_EQ(shared.bytes(), alone.bytes()) << threads;
    EXPECT_EQ(shared.labels, alone.labels) << threads;
  }
}

TEST(SynthesiseDigits, EveryTenHoldEachDigitOnceInAnOrderOfTheirOwn) {
  const Dataset dataset = synthesise_digits(200, 9);
  EXPECT_EQ(dataset.classes, 10);
  EXPECT_EQ(dataset.class_names.size(), 10u);
  EXPECT_EQ(dataset.name, "synthetic");
  std::vector<std::vector<uint8_t>> orders;
  for (size_t i = 0; i < 200; i += 10) {
    orders.emplace_back(dataset.labels.begin() + static_cast<int>(i),
                        dataset.labels.begin() + static_cast<int>(i) + 10);
    EXPECT_THAT(orders.back(), testing::UnorderedElementsAre(0, 1, 2, 3, 4, 5, 6, 7, 8, 9));
  }
  EXPECT_NE(orders[0], orders[1]);
  for (size_t i = 0; i < 200; ++i) EXPECT_EQ(synthetic_digit_at(9, i), dataset.labels[i]);
}

TEST(SynthesiseDigits, TrainingAndTestIndicesDrawDifferentImages) {
  const Dataset train = synthesise_digits(100, 1);
  const Dataset test = synthesise_digits(100, 1, {}, kFirstSynthTestIndex);
  for (size_t i = 0; i < 100; ++i) {
    for (size_t j = 0; j < 100; ++j) {
      EXPECT_FALSE(std::ranges::equal(train.image(i), test.image(j))) << i << " " << j;
    }
  }
}

TEST(SynthesiseDigits, InkFillsTheBoxOfTwentyAndIsCentredByMass) {
  const Dataset dataset = synthesise_digits(2000, 3);
  int full = 0;
  for (size_t i = 0; i < dataset.size(); ++i) {
    const Ink ink = ink_of(dataset.image(i), 28);
    ASSERT_GT(ink.mass, 0) << i;
    EXPECT_LE(ink.side(), 20) << i;
    EXPECT_GE(ink.side(), 18) << i;
    full += ink.side() >= 19;
    // As near to 14 as whole pixels come, unless the box would leave the canvas.
    const bool at_edge = ink.top == 0 || ink.bottom == 27 || ink.left == 0 || ink.right == 27;
    if (at_edge) continue;
    EXPECT_NEAR(ink.x, 14, 0.501) << i;
    EXPECT_NEAR(ink.y, 14, 0.501) << i;
  }
  EXPECT_GT(full, 1900);
}

// MNIST's training images: mean 0.1307, deviation 0.3081.
TEST(SynthesiseDigits, InkIsAboutAsMuchAsMnists) {
  const PixelStatistics pixels = pixel_statistics(synthesise_digits(5000, 3));
  EXPECT_NEAR(pixels.mean, 0.1307, 0.015);
  EXPECT_NEAR(pixels.sd, 0.3081, 0.015);
}

TEST(SynthesiseDigits, AnyCanvasSizeKeepsTheInkInsideAndCentred) {
  for (const auto& [height, width] : {std::pair{8, 8}, {8, 31}, {28, 28}, {64, 40}, {17, 200}}) {
    SynthOptions options;
    options.height = height;
    options.width = width;
    const Dataset dataset = synthesise_digits(40, 2, options);
    ASSERT_EQ(dataset.bytes().size(), 40u * static_cast<size_t>(height * width));
    const int box = static_cast<int>(std::lround(std::min(height, width) * 20 / 28.0));
    for (size_t i = 0; i < dataset.size(); ++i) {
      const Ink ink = ink_of(dataset.image(i), width);
      ASSERT_GT(ink.mass, 0);
      EXPECT_LE(ink.side(), box);
      if (ink.left > 0 && ink.right < width - 1) {
        EXPECT_NEAR(ink.x, width / 2, 0.501) << height << "x" << width;
      }
      if (ink.top > 0 && ink.bottom < height - 1) {
        EXPECT_NEAR(ink.y, height / 2, 0.501) << height << "x" << width;
      }
    }
  }
}

TEST(MnistForm, EveryFormOfEveryDigitLeavesInk) {
  for (int digit = 0; digit < 10; ++digit) {
    for (const DigitForm& form : digit_forms(digit)) {
      for (uint64_t i = 0; i < 20; ++i) {
        Random random(11, 0, i);
        const InkCanvas canvas = mnist_form(write_digit(digit, form, {}, random), 28, 28, 1);
        const Ink ink = ink_of(canvas.pixels, 28);
        EXPECT_GT(ink.mass, 20 * 255.0) << digit << " " << form.name;
        EXPECT_LT(ink.mass, 330 * 255.0) << digit << " " << form.name;
      }
    }
  }
}

TEST(SynthesiseDrawing, IsTheInkOfTheImageOfThatIndex) {
  const PenDrawing drawing = synthesise_drawing(synthetic_digit_at(4, 77), 4, 77);
  const Dataset image = synthesise_digits(1, 4, {}, 77);
  EXPECT_EQ(drawing.digit, image.labels[0]);
  // The softness is another draw: alike, not equal.
  const InkCanvas canvas = mnist_form(drawing, 28, 28, 0.95);
  int far = 0;
  for (size_t i = 0; i < canvas.pixels.size(); ++i) {
    far += std::abs(canvas.pixels[i] - image.bytes()[i]) > 60;
  }
  EXPECT_LT(far, 12);
}

}  // namespace
}  // namespace inkling

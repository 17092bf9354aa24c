#include "data/augment/warper.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "data/batches.h"
#include "support/bilinear.h"
#include "support/drawn_dataset.h"
#include "support/noise_dataset.h"
#include "support/variants.h"

namespace inkling {
namespace {

// A filled disc of radius 8 in the middle of 28x28, its edge smooth.
Dataset disc_dataset() {
  Dataset dataset = blank_dataset(28, 28, 1);
  for (int y = 0; y < 28; ++y) {
    for (int x = 0; x < 28; ++x) {
      const double inside = 8.5 - std::hypot(x - 13.5, y - 13.5);
      dataset.bytes()[static_cast<size_t>(y * 28 + x)] =
          static_cast<uint8_t>(255 * std::clamp(inside, 0.0, 1.0));
    }
  }
  return dataset;
}

// The image after one draw, in grey levels.
std::vector<float> changed(const Dataset& dataset, const AugmentDraw& draw,
                           const kernels::WarpKernels& kernels = best_kernels()) {
  Warper warper(dataset, kGrey, kernels, 4);
  std::vector<float> out(dataset.image_size(), -1);
  warper.warp(draw, 0, out.data(), dataset.width * dataset.channels);
  return out;
}

std::vector<float> levels(const Dataset& dataset) {
  return {dataset.bytes().begin(), dataset.bytes().begin() + std::ptrdiff_t(dataset.image_size())};
}

double ink(const std::vector<float>& image) {
  return std::accumulate(image.begin(), image.end(), 0.0);
}

class Warping : public VariantTest {};

TEST_P(Warping, ShiftByWholePixelsMovesThemExactly) {
  const Dataset dataset = noise_dataset(9, 13, 1, 1);
  const std::vector<float> out = changed(dataset, {.shift_x = 3, .shift_y = -2}, *variant().warp);
  for (int y = 0; y < 9; ++y) {
    for (int x = 0; x < 13; ++x) {
      const bool known = x - 3 >= 0 && y + 2 < 9;
      const int expected = known ? dataset.bytes()[static_cast<size_t>((y + 2) * 13 + x - 3)] : 0;
      EXPECT_EQ(out[static_cast<size_t>(y * 13 + x)], expected) << x << ' ' << y;
    }
  }
}

TEST_P(Warping, ShiftByHalfAPixelTakesTheMean) {
  Dataset dataset = blank_dataset(3, 4, 1);
  dataset.images = std::vector<uint8_t>{0, 0, 0, 0, 0, 100, 200, 0, 0, 0, 0, 0};
  EXPECT_THAT(changed(dataset, {.shift_x = 0.5}, *variant().warp),
              testing::ElementsAre(0, 0, 0, 0, 0, 50, 150, 100, 0, 0, 0, 0));
}

TEST_P(Warping, AQuarterTurnLaysABarDown) {
  Dataset dataset = blank_dataset(7, 7, 1);
  for (size_t y = 1; y < 6; ++y) dataset.bytes()[y * 7 + 1] = 255;  // upright, left of the middle
  dataset.bytes()[1 * 7 + 1] = 100;                                 // its upper end is dim
  const std::vector<float> out = changed(dataset, {.rotation = 90}, *variant().warp);
  // Counter-clockwise: below the middle, the dim end to the left.
  for (size_t y = 0; y < 7; ++y) {
    for (size_t x = 0; x < 7; ++x) {
      const float expected = y == 5 && x >= 1 && x < 6 ? (x == 1 ? 100.0f : 255.0f) : 0.0f;
      EXPECT_NEAR(out[y * 7 + x], expected, 1e-3) << x << ' ' << y;
    }
  }
}

TEST_P(Warping, FlipMirrorsExactly) {
  const Dataset dataset = noise_dataset(6, 5, 3, 1);
  const std::vector<float> out = changed(dataset, {.flip = true}, *variant().warp);
  for (size_t y = 0; y < 6; ++y) {
    for (size_t x = 0; x < 5; ++x) {
      for (size_t c = 0; c < 3; ++c) {
        EXPECT_EQ(out[(y * 5 + x) * 3 + c], dataset.bytes()[(y * 5 + 4 - x) * 3 + c]);
      }
    }
  }
}

TEST_P(Warping, ChannelsMoveTogether) {
  // Grey written thrice stays grey.
  const Dataset grey = noise_dataset(11, 17, 1, 1);
  Dataset rgb = blank_dataset(11, 17, 3);
  for (size_t i = 0; i < rgb.bytes().size(); ++i) rgb.bytes()[i] = grey.bytes()[i / 3];
  const AugmentDraw draw{.rotation = 20,
                         .scale_x = 1.1,
                         .shear = 0.2,
                         .perspective_y = 0.1,
                         .elastic_key = 8,
                         .elastic_alpha = 20,
                         .stroke = 0.4};
  const std::vector<float> a = changed(grey, draw, *variant().warp);
  const std::vector<float> b = changed(rgb, draw, *variant().warp);
  for (size_t i = 0; i < b.size(); ++i) EXPECT_EQ(b[i], a[i / 3]);
}

TEST_P(Warping, ScaleGrowsTheInkByItsArea) {
  const Dataset dataset = disc_dataset();
  const double before = ink(levels(dataset));
  EXPECT_NEAR(ink(changed(dataset, {.scale_x = 1.25, .scale_y = 1.5}, *variant().warp)) / before,
              1.25 * 1.5, 0.02);
  EXPECT_NEAR(ink(changed(dataset, {.scale_x = 0.8, .scale_y = 0.8}, *variant().warp)) / before,
              0.64, 0.02);
}

TEST_P(Warping, MovingKeepsTheInk) {
  const Dataset dataset = disc_dataset();
  const double before = ink(levels(dataset));
  for (int i = 0; i < 50; ++i) {
    AugmentDraw draw{
        .rotation = 7.0 * i, .shift_x = 0.05 * i, .shift_y = -0.04 * i, .shear = 0.01 * i};
    draw.elastic_key = static_cast<uint32_t>(i);
    EXPECT_NEAR(ink(changed(dataset, draw, *variant().warp)) / before, 1, 0.01);
    draw.elastic_alpha = 20;
    EXPECT_NEAR(ink(changed(dataset, draw, *variant().warp)) / before, 1, 0.35);
  }
}

TEST_P(Warping, WhatComesInFromOutsideIsBackground) {
  Dataset dataset = blank_dataset(12, 12, 1);
  std::fill(dataset.bytes().begin(), dataset.bytes().end(), uint8_t{255});
  const std::vector<float> half =
      changed(dataset, {.scale_x = 0.5, .scale_y = 0.5}, *variant().warp);
  for (size_t y = 0; y < 12; ++y) {
    for (size_t x = 0; x < 12; ++x) {
      const bool edge = x < 2 || y < 2 || x > 9 || y > 9;
      const bool middle = x > 3 && y > 3 && x < 8 && y < 8;
      if (edge || middle) {
        EXPECT_EQ(half[y * 12 + x], edge ? 0 : 255) << x << ' ' << y;
      }
    }
  }
  const std::vector<float> away = changed(dataset, {.shift_x = 500}, *variant().warp);
  EXPECT_EQ(ink(away), 0);
}

TEST_P(Warping, StrokeThickensAndThins) {
  Dataset dataset = blank_dataset(9, 9, 1);
  for (size_t y = 2; y < 7; ++y) {
    for (size_t x = 3; x < 6; ++x) dataset.bytes()[y * 9 + x] = 200;
  }
  const auto at = [](const std::vector<float>& image, size_t x, size_t y) {
    return image[y * 9 + x];
  };
  const std::vector<float> thick = changed(dataset, {.stroke = 0.5}, *variant().warp);
  EXPECT_EQ(at(thick, 4, 4), 200);
  EXPECT_EQ(at(thick, 2, 4), 100);  // beside the bar
  EXPECT_EQ(at(thick, 2, 1), 0);    // off its corner
  EXPECT_EQ(at(thick, 1, 4), 0);
  const std::vector<float> thin = changed(dataset, {.stroke = -0.25}, *variant().warp);
  EXPECT_EQ(at(thin, 4, 4), 200);
  EXPECT_EQ(at(thin, 3, 4), 150);
  EXPECT_EQ(at(thin, 2, 4), 0);
}

TEST_P(Warping, ContrastMultipliesAndStopsAtWhite) {
  Dataset dataset = blank_dataset(1, 3, 1);
  dataset.images = std::vector<uint8_t>{0, 100, 200};
  EXPECT_THAT(changed(dataset, {.contrast = 1.5}, *variant().warp),
              testing::ElementsAre(0, 150, 255));
  EXPECT_THAT(changed(dataset, {.contrast = 0.5}, *variant().warp),
              testing::ElementsAre(0, 50, 100));
}

TEST_P(Warping, NoiseStaysWithinTheGreyLevels) {
  const Dataset dataset = disc_dataset();
  const std::vector<float> out = changed(dataset, {.noise = 30, .noise_key = 4}, *variant().warp);
  EXPECT_THAT(out, testing::Each(testing::AllOf(testing::Ge(0), testing::Le(255))));
  int differ = 0;
  for (size_t i = 0; i < out.size(); ++i) differ += out[i] != levels(dataset)[i];
  EXPECT_GT(differ, 300);
}

TEST_P(Warping, ErasingPaintsItsRectangle) {
  const Dataset dataset = noise_dataset(8, 9, 3, 1);
  const std::vector<float> out = changed(
      dataset, {.erase_x = 2, .erase_y = 3, .erase_width = 4, .erase_height = 5}, *variant().warp);
  for (size_t y = 0; y < 8; ++y) {
    for (size_t x = 0; x < 9; ++x) {
      for (size_t c = 0; c < 3; ++c) {
        const size_t i = (y * 9 + x) * 3 + c;
        const bool erased = x >= 2 && x < 6 && y >= 3;
        EXPECT_EQ(out[i], erased ? 0 : dataset.bytes()[i]);
      }
    }
  }
}

TEST_P(Warping, ChannelsHaveNoiseOfTheirOwn) {
  Dataset dataset = blank_dataset(8, 8, 2);
  std::fill(dataset.bytes().begin(), dataset.bytes().end(), uint8_t{128});
  const std::vector<float> out = changed(dataset, {.noise = 20, .noise_key = 4}, *variant().warp);
  int alike = 0;
  for (size_t i = 0; i < 64; ++i) alike += out[2 * i] == out[2 * i + 1];
  EXPECT_LT(alike, 8);
}

// A ramp shows displacements: where it rises by 8 a pixel, a grey level is a place.
TEST_P(Warping, ElasticDisplacementsAreAsLargeAsSimardsFormulaSays) {
  constexpr double kAlpha = 20, kSigma = 4;
  Dataset dataset = blank_dataset(28, 28, 1);
  for (size_t y = 0; y < 28; ++y) {
    for (size_t x = 0; x < 28; ++x) dataset.bytes()[y * 28 + x] = static_cast<uint8_t>(8 * x + 8);
  }
  double sum = 0, squares = 0, steps = 0;
  constexpr int kFields = 400;
  for (uint32_t key = 0; key < kFields; ++key) {
    const std::vector<float> out =
        changed(dataset, {.elastic_key = 1000 * key, .elastic_alpha = kAlpha}, *variant().warp);
    const double a = out[14 * 28 + 14] / 8.0 - 15, b = out[14 * 28 + 15] / 8.0 - 16;
    sum += a;
    squares += a * a;
    steps += (b - a) * (b - a);
  }
  const double expected = kAlpha / (kSigma * std::sqrt(12 * std::numbers::pi));  // 0.81 pixels
  EXPECT_NEAR(sum / kFields, 0, 4 * expected / std::sqrt(kFields));
  EXPECT_NEAR(std::sqrt(squares / kFields), expected, 0.15 * expected);
  // Neighbours correlate by exp(-1 / (4 sigma^2)): a step is sqrt(2 (1 - that)) of it.
  const double step = expected * std::sqrt(2 * (1 - std::exp(-1 / (4 * kSigma * kSigma))));
  EXPECT_NEAR(std::sqrt(steps / kFields), step, 0.15 * step);
}

// Coordinates are off by some 1e-6 pixels in f32, and grey rises by at most 1 a pixel.
TEST_P(Warping, BytesAndFloatsAreThePlainBilinearWarpWithoutRounding) {
  for (const int channels : {1, 3}) {
    const Dataset bytes = noise_dataset(28, 25, channels, 3), floats = in_floats(bytes);
    std::vector<double> greys;
    for (const uint8_t v : bytes.image(2)) greys.push_back(v / 255.0);
    Warper of_bytes(bytes, {.mean = 0, .sd = 1}, *variant().warp);
    Warper of_floats(floats, {.mean = 0, .sd = 1}, *variant().warp);
    for (const AugmentDraw& draw :
         {AugmentDraw{.shift_x = -0.3, .shift_y = 1.7}, AugmentDraw{.rotation = 5},
          AugmentDraw{.rotation = -40}, AugmentDraw{.scale_x = 0.9, .scale_y = 1.1}}) {
      const std::vector<double> expected = bilinear_reference(greys, 28, 25, channels, draw);
      std::vector<float> a(expected.size()), b(expected.size());
      of_bytes.warp(draw, 2, a.data(), 25 * channels);
      of_floats.warp(draw, 2, b.data(), 25 * channels);
      for (size_t i = 0; i < expected.size(); ++i) {
        ASSERT_NEAR(a[i], expected[i], 1e-5) << i;
        ASSERT_NEAR(b[i], expected[i], 1e-5) << i;
      }
    }
  }
}

INKLING_FOR_ALL_VARIANTS(Warping);

TEST(Warper, ADrawThatChangesNothingIsThePlainImage) {
  const Dataset dataset = noise_dataset(13, 9, 3, 1);
  EXPECT_EQ(changed(dataset, {}), levels(dataset));
}

TEST(Warper, NormalisesAsTheBatchAssemblerDoes) {
  const Dataset dataset = noise_dataset(28, 28, 1, 4);
  const BatchAssembler plain(dataset, kDigits);
  std::vector<float> expected(784), found(784);
  plain.assemble(std::vector<uint32_t>{0}, expected.data());
  Warper(dataset, kDigits, best_kernels()).warp({}, 0, found.data(), 28);
  for (size_t i = 0; i < 784; ++i) EXPECT_NEAR(found[i], expected[i], 1e-6);
}

TEST(Warper, WhatIsErasedIsBackgroundAfterNormalisation) {
  const Dataset dataset = noise_dataset(4, 4, 1, 1);
  std::vector<float> out(16);
  Warper(dataset, kDigits, best_kernels())
      .warp({.erase_width = 2, .erase_height = 1}, 0, out.data(), 4);
  EXPECT_NEAR(out[0], normalisation_table(kDigits)[0], 1e-6);
  EXPECT_NEAR(out[1], normalisation_table(kDigits)[0], 1e-6);
  EXPECT_NEAR(out[2], normalisation_table(kDigits)[dataset.bytes()[2]], 1e-6);
}

}  // namespace
}  // namespace inkling

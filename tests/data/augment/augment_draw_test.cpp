#include "data/augment/augment_draw.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>

namespace inkling {
namespace {

constexpr int kDraws = 20000;

const AugmentOptions kEverything = {.rotation = 20,
                                    .scale_low = 0.8,
                                    .scale_high = 1.3,
                                    .shift = 3,
                                    .shear = 0.3,
                                    .perspective = 0.2,
                                    .elastic_alpha = 10,
                                    .thin = 0.2,
                                    .thicken = 0.6,
                                    .contrast_low = 0.7,
                                    .contrast_high = 1.2,
                                    .noise = 15,
                                    .erase_probability = 0.25,
                                    .erase_low = 0.02,
                                    .erase_high = 0.1,
                                    .horizontal_flip_probability = 0.5};

AugmentDraw draw(const AugmentOptions& options, uint64_t seed, int epoch, uint32_t index) {
  return draw_augmentation(options, 28, 30, seed, epoch, index);
}

// Every number of a draw but the keys.
std::vector<double> numbers(const AugmentDraw& d) {
  return {d.rotation,      d.scale_x,       d.scale_y,     d.shift_x,       d.shift_y,
          d.shear,         d.perspective_x, d.stroke,      d.perspective_y, d.contrast,
          d.elastic_alpha, d.noise,         double(d.flip)};
}

// Uniform in [low, high]: nothing outside, both ends come near, the mean in the middle.
void expect_uniform(const char* what, double low, double high,
                    const std::function<double(const AugmentDraw&)>& value) {
  double least = 1e9, greatest = -1e9, sum = 0;
  for (uint32_t i = 0; i < kDraws; ++i) {
    const double v = value(draw(kEverything, 1, 2, i));
    least = std::min(least, v);
    greatest = std::max(greatest, v);
    sum += v;
  }
  const double width = high - low;
  EXPECT_GE(least, low) << what;
  EXPECT_LE(greatest, high) << what;
  EXPECT_LT(least, low + 0.01 * width) << what;
  EXPECT_GT(greatest, high - 0.01 * width) << what;
  EXPECT_NEAR(sum / kDraws, (low + high) / 2, 4 * width / std::sqrt(12.0 * kDraws)) << what;
}

TEST(AugmentDraw, EveryNumberIsUniformInItsRange) {
  using D = const AugmentDraw&;
  expect_uniform("rotation", -20, 20, [](D d) { return d.rotation; });
  expect_uniform("scale_x", 0.8, 1.3, [](D d) { return d.scale_x; });
  expect_uniform("scale_y", 0.8, 1.3, [](D d) { return d.scale_y; });
  expect_uniform("shift_x", -3, 3, [](D d) { return d.shift_x; });
  expect_uniform("shift_y", -3, 3, [](D d) { return d.shift_y; });
  expect_uniform("shear", -0.3, 0.3, [](D d) { return d.shear; });
  expect_uniform("perspective_x", -0.2, 0.2, [](D d) { return d.perspective_x; });
  expect_uniform("perspective_y", -0.2, 0.2, [](D d) { return d.perspective_y; });
  expect_uniform("stroke", -0.2, 0.6, [](D d) { return d.stroke; });
  expect_uniform("contrast", 0.7, 1.2, [](D d) { return d.contrast; });
  expect_uniform("noise", 0, 15, [](D d) { return d.noise; });
}

TEST(AugmentDraw, NumbersOfOneImageAreDrawnApart) {
  // No two of them correlate over the images.
  std::vector<std::vector<double>> all;
  for (uint32_t i = 0; i < kDraws; ++i) all.push_back(numbers(draw(kEverything, 3, 1, i)));
  for (size_t a = 0; a < 10; ++a) {
    for (size_t b = 0; b < a; ++b) {
      double sa = 0, sb = 0, saa = 0, sbb = 0, sab = 0;
      for (const auto& v : all) {
        sa += v[a], sb += v[b], saa += v[a] * v[a], sbb += v[b] * v[b], sab += v[a] * v[b];
      }
      const double covariance = sab - sa * sb / kDraws;
      const double spread = std::sqrt((saa - sa * sa / kDraws) * (sbb - sb * sb / kDraws));
      EXPECT_LT(std::abs(covariance / spread), 5 / std::sqrt(kDraws)) << a << ' ' << b;
    }
  }
}

TEST(AugmentDraw, HappensAsOftenAsAsked) {
  int flips = 0, erased = 0;
  for (uint32_t i = 0; i < kDraws; ++i) {
    const AugmentDraw d = draw(kEverything, 1, 2, i);
    flips += d.flip;
    erased += d.erase_width > 0;
  }
  EXPECT_NEAR(flips / double(kDraws), 0.5, 4 * std::sqrt(0.25 / kDraws));
  EXPECT_NEAR(erased / double(kDraws), 0.25, 4 * std::sqrt(0.1875 / kDraws));
}

TEST(AugmentDraw, ErasedRectanglesLieInsideAndAreAsLargeAsAsked) {
  for (uint32_t i = 0; i < kDraws; ++i) {
    const AugmentDraw d = draw(kEverything, 1, 2, i);
    if (d.erase_width == 0) continue;
    EXPECT_GE(d.erase_x, 0);
    EXPECT_GE(d.erase_y, 0);
    EXPECT_LE(d.erase_x + d.erase_width, 30);
    EXPECT_LE(d.erase_y + d.erase_height, 28);
    // Sides are rounded to pixels: 0.02 of 840 are 16.8, at least 2.9 wide.
    const double fraction = d.erase_width * d.erase_height / 840.0;
    EXPECT_GT(fraction, 0.02 * 0.6);
    EXPECT_LT(fraction, 0.1 * 1.3);
    const double aspect = double(d.erase_width) / d.erase_height;
    EXPECT_GT(aspect, 0.3);
    EXPECT_LT(aspect, 3.4);
  }
}

TEST(AugmentDraw, DependsOnSeedEpochAndImageAlone) {
  const auto first = numbers(draw(kEverything, 1, 2, 3));
  draw(kEverything, 9, 9, 9);
  EXPECT_EQ(numbers(draw(kEverything, 1, 2, 3)), first);
  EXPECT_NE(numbers(draw(kEverything, 2, 2, 3)), first);
  EXPECT_NE(numbers(draw(kEverything, 1, 3, 3)), first);
  EXPECT_NE(numbers(draw(kEverything, 1, 2, 4)), first);
  EXPECT_NE(draw(kEverything, 1, 2, 3).elastic_key, draw(kEverything, 1, 2, 4).elastic_key);
  EXPECT_NE(draw(kEverything, 1, 2, 3).noise_key, draw(kEverything, 1, 2, 4).noise_key);
}

TEST(AugmentDraw, AFieldDoesNotDisturbTheOthers) {
  AugmentOptions without = kEverything;
  without.rotation = without.erase_probability = without.noise = 0;
  for (uint32_t i = 0; i < 100; ++i) {
    AugmentDraw a = draw(kEverything, 1, 2, i), b = draw(without, 1, 2, i);
    EXPECT_EQ(b.rotation, 0);
    EXPECT_EQ(b.erase_width, 0);
    EXPECT_EQ(b.noise, 0);
    a.rotation = a.noise = 0;
    EXPECT_EQ(numbers(a), numbers(b));
    EXPECT_EQ(a.elastic_key, b.elastic_key);
  }
}

// Written down: a change would make old recipes give other weights.
TEST(AugmentDraw, OfSeedOneIsTheOneItAlwaysWas) {
  const AugmentDraw d = draw(kEverything, 1, 1, 0);
  EXPECT_NEAR(d.rotation, 20 * -0.1149760858, 1e-6);
  EXPECT_EQ(d.elastic_key, 429686935u);
}

// Where the changed picture's point (x, y) comes from.
struct Place {
  double x, y;
};
Place source_of(const AugmentDraw& d, double x, double y) {
  const kernels::SourceMap m = source_map(d, 21, 31);  // centre (15, 10)
  const double w = m.w_x * x + m.w_y * y + m.w_0;
  return {(m.x_x * x + m.x_y * y + m.x_0) / w, (m.y_x * x + m.y_y * y + m.y_0) / w};
}

void expect_source(const AugmentDraw& d, Place at, Place expected) {
  const Place found = source_of(d, at.x, at.y);
  EXPECT_NEAR(found.x, expected.x, 1e-5);
  EXPECT_NEAR(found.y, expected.y, 1e-5);
}

TEST(SourceMap, OfNothingIsTheIdentity) { expect_source({}, {3, 7}, {3, 7}); }

TEST(SourceMap, ShiftMovesRightAndDown) {
  expect_source({.shift_x = 2, .shift_y = -3}, {12, 4}, {10, 7});
}

TEST(SourceMap, RotationTurnsCounterClockwiseAboutTheCentre) {
  // What stood right of the centre, (20, 10), stands above it afterwards.
  expect_source({.rotation = 90}, {15, 5}, {20, 10});
  expect_source({.rotation = 90}, {15, 10}, {15, 10});
}

TEST(SourceMap, ScaleAboveOneIsBigger) {
  expect_source({.scale_x = 2, .scale_y = 4}, {19, 14}, {17, 11});
}

TEST(SourceMap, ShearLeansToTheRight) {
  // Eight pixels above the centre, everything moved four to the right.
  expect_source({.shear = 0.5}, {19, 2}, {15, 2});
}

TEST(SourceMap, FlipMirrorsLeftAndRight) { expect_source({.flip = true}, {0, 4}, {30, 4}); }

TEST(SourceMap, PerspectiveShrinksTheFarSide) {
  // Towards the right edge a pixel covers more of the source, towards the left less.
  const AugmentDraw d{.perspective_x = -0.3};
  EXPECT_GT(source_of(d, 30, 10).x - source_of(d, 29, 10).x, 1.05);
  EXPECT_LT(source_of(d, 1, 10).x - source_of(d, 0, 10).x, 0.95);
  expect_source(d, {15, 10}, {15, 10});
}

TEST(SourceMap, ScalesThenLeansThenTurnsThenShifts) {
  // The source's (17, 9) is 2 right of and 1 above the centre. Scaled: 4 right, 3 up. Leaning by
  // 0.5: 5.5 right, 3 up. A quarter turn: 3 to the left, 5.5 up. Shifted by (1, 2).
  expect_source(
      {.rotation = 90, .scale_x = 2, .scale_y = 3, .shift_x = 1, .shift_y = 2, .shear = 0.5},
      {15 - 3 + 1, 10 - 5.5 + 2}, {17, 9});
}

}  // namespace
}  // namespace inkling

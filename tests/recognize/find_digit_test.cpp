#include "recognize/find_digit.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/index.h"
#include "base/random.h"
#include "data/scale.h"
#include "data/synth/synth.h"
#include "support/mnist.h"

namespace inkling {
namespace {

struct Scene {
  int height = 200, width = 300;
  double left = 90, top = 40, size = 100;  // of the digit, pixels
  int ground = 235, ink = 40;              // grey levels
  double shade = 0;                        // grey levels by which light falls off to the right
  double noise = 0;                        // standard deviation
};

// A digit of our own pen in a picture.
Picture photographed(int digit, const Scene& scene = {}) {
  const PenDrawing drawing = synthesise_drawing(digit, 11, narrow<uint64_t>(digit));
  const InkBox box = ink_box(drawing);
  const double scale = scene.size / std::max(box.width(), box.height());
  InkCanvas canvas(scene.height, scene.width);
  draw_ink(
      drawing,
      {.scale = scale, .left = scene.left - box.left * scale, .top = scene.top - box.top * scale},
      canvas);
  Random random(3);
  Picture picture{.width = scene.width, .height = scene.height, .channels = 1, .pixels = {}};
  for (int y = 0; y < scene.height; ++y) {
    for (int x = 0; x < scene.width; ++x) {
      const double ink = at(canvas.pixels, y * scene.width + x) / 255.0;
      const double light = 1 - scene.shade / 255 * x / scene.width;
      const double level = (scene.ground + ink * (scene.ink - scene.ground)) * light;
      picture.pixels.push_back(static_cast<uint8_t>(
          std::clamp(std::lround(level + scene.noise * random.normal()), 0l, 255l)));
    }
  }
  return picture;
}

// Cosine of the angle between two images, at the best of the shifts by at most a pixel: 1 where
// they differ by brightness alone.
double likeness(const std::vector<uint8_t>& a, const std::vector<uint8_t>& b) {
  const auto product = [](const auto& x, const auto& y, int shift) {
    double sum = 0;
    for (int i = 29; i < 784 - 29; ++i) sum += double{1} * at(x, i) * at(y, i + shift);
    return sum;
  };
  double best = 0;
  for (const int shift : {0, -1, 1, -28, 28, -29, -27, 27, 29})
    best = std::max(best, product(a, b, shift));
  return best / std::sqrt(product(a, a, 0) * product(b, b, 0));
}

// The same digit as the pen itself brings it to MNIST's form.
std::vector<uint8_t> drawn(int digit) {
  return mnist_form(synthesise_drawing(digit, 11, narrow<uint64_t>(digit)), 28, 28, 1).pixels;
}

// Thin pens are thickened on the way, so the two are never quite alike.
void expect_found(const Scene& scene, double least) {
  for (int digit = 0; digit < 10; ++digit) {
    SCOPED_TRACE(digit);
    const auto found = find_digit(photographed(digit, scene));
    ASSERT_TRUE(found);
    EXPECT_GT(likeness(found->pixels, drawn(digit)), least);
    for (int other = 0; other < 10; ++other) {
      if (other == digit) continue;
      EXPECT_LT(likeness(found->pixels, drawn(other)), likeness(found->pixels, drawn(digit)));
    }
    EXPECT_NEAR(found->box.top, scene.top, scene.size / 100 + 2);
    EXPECT_NEAR(found->box.left, scene.left, scene.size / 100 + 2);
    EXPECT_NEAR(std::max(found->box.width(), found->box.height()), scene.size, scene.size / 50 + 2);
  }
}

TEST(FindDigit, DarkInkOnPaperBecomesMnistsForm) { expect_found({}, 0.9); }

TEST(FindDigit, PolarityDoesNotMatter) { expect_found({.ground = 15, .ink = 240}, 0.9); }

TEST(FindDigit, UnevenLightDoesNotMatter) { expect_found({.shade = 130}, 0.9); }

TEST(FindDigit, NoiseDoesNotMatter) { expect_found({.noise = 12}, 0.88); }

TEST(FindDigit, FaintInkIsFound) { expect_found({.ground = 240, .ink = 200}, 0.9); }

TEST(FindDigit, ACornerIsAsGoodAsTheMiddle) { expect_found({.left = 2, .top = 2}, 0.9); }

TEST(FindDigit, LargePicturesAndSmallOnesAreBroughtToOneSize) {
  expect_found({.height = 2000, .width = 1500, .left = 300, .top = 500, .size = 900}, 0.9);
  for (int digit = 0; digit < 10; ++digit) {
    const auto found = find_digit(scaled(photographed(digit), 50, 75));  // 25 pixels high
    ASSERT_TRUE(found);
    EXPECT_GT(likeness(found->pixels, find_digit(photographed(digit))->pixels), 0.9) << digit;
  }
}

TEST(FindDigit, SpecksFarFromTheDigitAreNoPartOfIt) {
  Picture picture = photographed(3);
  const auto clean = find_digit(picture);
  for (const auto& [y, x] : {std::pair{190, 10}, {5, 290}, {180, 280}}) {
    at(picture.pixels, y * picture.width + x) = 30;
    at(picture.pixels, (y + 1) * picture.width + x) = 30;
  }
  EXPECT_EQ(find_digit(picture)->box, clean->box);
}

TEST(FindDigit, AFrameAroundThePictureIsNoInk) {
  Picture picture = photographed(5);
  const auto clean = find_digit(picture);
  for (int y = 0; y < picture.height; ++y) {
    for (int x = 0; x < picture.width; ++x) {
      if (std::min({y, x, picture.height - 1 - y, picture.width - 1 - x}) < 3) {
        at(picture.pixels, y * picture.width + x) = 30;
      }
    }
  }
  EXPECT_EQ(find_digit(picture)->box, clean->box);
}

TEST(FindDigit, BlankPicturesHoldNone) {
  for (const int level : {0, 128, 255}) {
    EXPECT_FALSE(find_digit({.width = 60,
                             .height = 40,
                             .channels = 1,
                             .pixels = std::vector<uint8_t>(2400, narrow<uint8_t>(level))}));
  }
  for (const double noise : {3.0, 10.0}) {
    const auto found = find_digit(photographed(1, {.ground = 200, .ink = 200, .noise = noise}));
    EXPECT_FALSE(found) << noise;
  }
  EXPECT_FALSE(find_digit(photographed(1, {.ground = 200, .ink = 200, .shade = 120})));
}

TEST(FindDigit, PicturesOfAnyExtentsAreTaken) {
  for (const auto& [height, width] : {std::pair{1, 1}, {1, 10000}, {10000, 1}, {2, 3}, {8, 8}}) {
    Picture picture{.width = width, .height = height, .channels = 1, .pixels = {}};
    for (int i = 0; i < width * height; ++i) picture.pixels.push_back(i % 3 == 0 ? 255 : 0);
    if (const auto found = find_digit(picture)) {
      EXPECT_EQ(found->pixels.size(), 784u);
    }
  }
}

TEST(FindDigit, MnistsImagesEnterUnchanged) {
  SKIP_WITHOUT_MNIST();
  const Dataset train = load_dataset("mnist", Split::kTrain);
  EXPECT_TRUE(holds_normalised_digits(train));
  for (size_t i = 0; i < train.size(); ++i) {
    const auto image = train.image(i);
    ASSERT_TRUE(is_normalised(
        {.width = 28, .height = 28, .channels = 1, .pixels = {image.begin(), image.end()}}))
        << i;
  }
}

TEST(FindDigit, OtherImagesAreNotInMnistsForm) {
  Dataset digits = synthesise_digits(50, 1);
  EXPECT_TRUE(holds_normalised_digits(digits));
  for (uint8_t& v : digits.bytes()) v = narrow<uint8_t>(255 - v);
  EXPECT_FALSE(holds_normalised_digits(digits));
  EXPECT_FALSE(holds_normalised_digits(synthesise_digits(50, 1, {.height = 20, .width = 20})));
}

TEST(FindDigit, ADigitOnRuledPaperHasASecondCandidateWithoutTheRules) {
  Picture page = photographed(4);
  EXPECT_EQ(find_digit_candidates(page).size(), 1u);
  for (int x = 0; x < page.width; ++x) {
    for (int y = 100; y < 103; ++y) at(page.pixels, y * page.width + x) = 90;
  }
  const std::vector<NormalisedDigit> candidates = find_digit_candidates(page);
  ASSERT_EQ(candidates.size(), 2u);
  EXPECT_GT(candidates[0].box.width(), 250);  // the line and what it touches
  EXPECT_LT(candidates[1].box.width(), 120);
}

}  // namespace
}  // namespace inkling

#include "recognize/morphology.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/index.h"
#include "base/random.h"

namespace inkling {
namespace {

BytePlane random_plane(int height, int width) {
  Random random(7);
  BytePlane plane{.height = height, .width = width, .values = {}};
  for (int i = 0; i < height * width; ++i) {
    plane.values.push_back(static_cast<uint8_t>(random.below(256)));
  }
  return plane;
}

// Every window looked at in full.
template <typename Fold>
BytePlane plainly(const BytePlane& plane, int reach, Fold fold) {
  BytePlane out = plane;
  for (int y = 0; y < plane.height; ++y) {
    for (int x = 0; x < plane.width; ++x) {
      std::vector<uint8_t> window;
      for (int ny = std::max(0, y - reach); ny <= std::min(plane.height - 1, y + reach); ++ny) {
        for (int nx = std::max(0, x - reach); nx <= std::min(plane.width - 1, x + reach); ++nx) {
          window.push_back(at(plane.values, ny * plane.width + nx));
        }
      }
      at(out.values, y * plane.width + x) = fold(window);
    }
  }
  return out;
}

class Morphology : public testing::TestWithParam<std::array<int, 3>> {};

TEST_P(Morphology, IsTheLeastAndTheGreatestOfEveryWindow) {
  const auto [height, width, reach] = GetParam();
  const BytePlane plane = random_plane(height, width);
  EXPECT_EQ(eroded(plane, reach).values,
            plainly(plane, reach, [](auto& w) { return *std::ranges::min_element(w); }).values);
  EXPECT_EQ(dilated(plane, reach).values,
            plainly(plane, reach, [](auto& w) { return *std::ranges::max_element(w); }).values);
}

TEST_P(Morphology, MeanIsThatOfTheWindowToOneLevel) {
  const auto [height, width, reach] = GetParam();
  const BytePlane plane = random_plane(height, width);
  const BytePlane fast = box_mean(plane, reach);
  const BytePlane plain = plainly(plane, reach, [](auto& w) {
    int sum = 0;
    for (const uint8_t v : w) sum += v;
    return static_cast<uint8_t>((sum + count_of(w) / 2) / count_of(w));
  });
  for (size_t i = 0; i < fast.values.size(); ++i) {
    EXPECT_NEAR(fast.values[i], plain.values[i], 1) << i;  // rounded once a direction
  }
}

INSTANTIATE_TEST_SUITE_P(Sizes, Morphology,
                         testing::Values(std::array{1, 1, 3}, std::array{5, 9, 0},
                                         std::array{17, 13, 1}, std::array{40, 33, 8},
                                         std::array{6, 50, 20}));

}  // namespace
}  // namespace inkling

#include "nn/architecture/sliding.h"

#include <gtest/gtest.h>

#include <vector>

#include "base/random.h"
#include "nn/architecture/zoo.h"
#include "nn/classifier.h"
#include "support/expect_error.h"

namespace inkling {
namespace {

constexpr int kHeight = 36, kWidth = 72;  // two places down, eleven across

std::vector<float> cut(const std::vector<float>& image, int top, int left) {
  std::vector<float> window;
  for (int y = 0; y < 32; ++y) {
    const auto row = image.begin() + (top + y) * kWidth + left;
    window.insert(window.end(), row, row + 32);
  }
  return window;
}

TEST(Sliding, GivesEachPlaceWhatTheNetworkSaysOfItsWindow) {
  const Architecture net = zoo_architecture("locator");
  const Architecture wide = sliding_architecture(net, kHeight, kWidth);
  ASSERT_EQ(wide.classes, 2 * 11 * net.classes);
  Engine engine({.precision = "f32", .threads = 1});
  Parameters parameters(net);
  parameters.initialise(7);
  Parameters same(wide);
  ASSERT_EQ(same.all().size(), parameters.all().size());
  std::ranges::copy(parameters.all(), same.all().begin());
  Classifier one(net, engine), all(wide, engine);
  one.update(parameters);
  all.update(same);

  Random random(3);
  std::vector<float> image(kHeight * kWidth);
  for (float& v : image) v = static_cast<float>(random.normal());
  std::vector<float> places(narrow<size_t>(wide.classes)), expected(narrow<size_t>(net.classes));
  all.predict(image.data(), 1, places.data());
  for (int place = 0; place < 22; ++place) {
    const std::vector<float> window = cut(image, place / 11 * 4, place % 11 * 4);
    one.predict(window.data(), 1, expected.data());
    double sum = 0;
    for (int c = 0; c < net.classes; ++c) sum += at(places, place * net.classes + c);
    for (int c = 0; c < net.classes; ++c) {
      EXPECT_NEAR(at(places, place * net.classes + c) / sum, at(expected, c), 1e-4)
          << "place " << place << ", class " << c;
    }
  }
}

TEST(Sliding, RefusesWhatPadsOrBranchesOrKeepsMoreThanAPixel) {
  for (const char* name : {"cnn3", "resnet-small", "logistic"}) {
    EXPECT_ERROR(sliding_architecture(zoo_architecture(name), 64, 64), ErrorKind::kInput, name,
                 "so that it can slide");
  }
}

TEST(Sliding, RefusesAnImageSmallerThanTheWindow) {
  EXPECT_ERROR(sliding_architecture(zoo_architecture("locator"), 32, 31), ErrorKind::kInput,
               "locator");
}

}  // namespace
}  // namespace inkling

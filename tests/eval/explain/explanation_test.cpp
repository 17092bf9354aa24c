#include "eval/explain/explanation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "nn/architecture/zoo.h"
#include "support/drawn_dataset.h"
#include "support/networks.h"

namespace inkling {
namespace {

constexpr int kSide = 12;
const PixelStatistics kPlain{.mean = 0, .sd = 1};

// Sees ink and nothing else: a filter that adds up 3 x 3 pixels, averaged over the picture; class 0
// is for it, class 1 against it.
struct InkDetector {
  InkDetector()
      : net(parse_architecture("name = \"ink\"\ninput = [12, 12, 1]\nclasses = 2\n"
                               "layers = [{type=\"conv\", filters=1, kernel=3, padding=\"same\"},"
                               "{type=\"relu\"}, {type=\"global_average_pool\"},"
                               "{type=\"dense\", units=2}]\n",
                               "ink")),
        parameters(net) {
    std::ranges::fill(parameters.slot(net.layers[0].weight), 1.0F);
    const auto dense = parameters.slot(net.layers[3].weight);  // [1, 2]
    dense[0] = 50;
    dense[1] = -50;
  }
  Architecture net;
  Parameters parameters;
};

Dataset picture_of(int side, std::vector<uint8_t> pixels) {
  return {
      .name = "picture", .height = side, .width = side, .classes = 2, .images = std::move(pixels)};
}

// Ink on rows 2 to 4 and columns 7 to 9 alone: its centre is (3, 8).
Dataset ink() {
  std::vector<uint8_t> picture(kSide * kSide);
  for (int y = 2; y <= 4; ++y) {
    for (int x = 7; x <= 9; ++x) picture[static_cast<size_t>(y * kSide + x)] = 255;
  }
  return picture_of(kSide, std::move(picture));
}

int distance_from_ink(int y, int x) {
  const auto beyond = [](int v, int low, int high) { return std::max({low - v, v - high, 0}); };
  return std::max(beyond(y, 2, 4), beyond(x, 7, 9));
}

std::pair<int, int> peak(const Heatmap& map) {
  const auto at = std::ranges::max_element(map.values) - map.values.begin();
  return {static_cast<int>(at) / map.width, static_cast<int>(at) % map.width};
}

class Explained : public testing::Test {
 protected:
  Explanation explain(std::optional<int> explained = {}) {
    Explainer explainer(ink_.net, ink_.parameters, kPlain, engine_);
    return explainer.explain(ink(), 0, explained);
  }
  InkDetector ink_;
  Engine engine_{{.threads = 1}};
};

TEST_F(Explained, GradCamPointsAtTheInk) {
  const Explanation e = explain();
  EXPECT_EQ(e.predicted, 0);
  EXPECT_EQ(e.explained, 0);
  ASSERT_TRUE(e.grad_cam.has_value());
  EXPECT_EQ(peak(*e.grad_cam), std::pair(3, 8));
  for (int y = 0; y < kSide; ++y) {
    for (int x = 0; x < kSide; ++x) {
      const bool seen = distance_from_ink(y, x) <= 1;  // the filter reaches a pixel
      EXPECT_EQ(e.grad_cam->at(y, x) > 0, seen) << y << ", " << x;
    }
  }
  // alpha = 50 / 144, nine pixels of ink under the filter.
  EXPECT_NEAR(e.grad_cam->at(3, 8), 50.0 / 144 * 9, 1e-4);
}

TEST_F(Explained, GradCamOfTheOtherClassIsEmpty) {
  const Explanation e = explain(1);
  EXPECT_EQ(e.predicted, 0);
  EXPECT_EQ(e.explained, 1);
  for (const float v : e.grad_cam->values) EXPECT_EQ(v, 0);
}

TEST_F(Explained, OcclusionPointsAtTheInk) {
  const Explanation e = explain();
  EXPECT_EQ(peak(e.occlusion), std::pair(2, 7));  // the first place whose patch covers all of it
  EXPECT_FLOAT_EQ(e.occlusion.at(3, 8), e.occlusion.at(2, 7));
  for (int y = 0; y < kSide; ++y) {
    for (int x = 0; x < kSide; ++x) {
      const bool touched = distance_from_ink(y, x) <= 2;  // a patch of 5 x 5
      EXPECT_EQ(e.occlusion.at(y, x) > 1e-4, touched) << y << ", " << x;
    }
  }
  // Without ink the two classes are alike: the log-odds fall to 0 from 2 * 50 * 81 / 144.
  EXPECT_NEAR(e.occlusion.at(3, 8), 100.0 * 81 / 144, 1e-3);
}

TEST_F(Explained, CoveringInkHelpsTheClassThatIsAgainstIt) {
  const Explanation e = explain(1);
  EXPECT_NEAR(e.occlusion.at(3, 8), -100.0 * 81 / 144, 1e-3);
}

TEST_F(Explained, SaliencyIsTheGradient) {
  const Explanation e = explain();
  for (int y = 0; y < kSide; ++y) {
    for (int x = 0; x < kSide; ++x) {
      // Each of the filter's places around a pixel that see ink passes 50 / 144 on.
      int lit = 0;
      for (int dy = -1; dy <= 1; ++dy) {
        for (int dx = -1; dx <= 1; ++dx) {
          const bool inside = y + dy >= 0 && y + dy < kSide && x + dx >= 0 && x + dx < kSide;
          lit += inside && distance_from_ink(y + dy, x + dx) <= 1;
        }
      }
      EXPECT_NEAR(e.saliency.at(y, x), lit * 50.0 / 144, 1e-4) << y << ", " << x;
    }
  }
  Explainer explainer(ink_.net, ink_.parameters, kPlain, engine_);
  EXPECT_EQ(explainer.saliency(ink(), 0, 0).values, e.saliency.values);
}

TEST_F(Explained, FloatsOfByteLevelsGiveTheBitsOfBytes) {
  const Explanation bytes = explain();
  Explainer explainer(ink_.net, ink_.parameters, kPlain, engine_);
  const Explanation floats = explainer.explain(in_floats(ink()), 0);
  EXPECT_EQ(floats.probabilities, bytes.probabilities);
  EXPECT_EQ(floats.saliency.values, bytes.saliency.values);
  EXPECT_EQ(floats.occlusion.values, bytes.occlusion.values);
}

TEST_F(Explained, ProbabilitiesSumToOne) {
  const Explanation e = explain();
  ASSERT_EQ(e.probabilities.size(), 2u);
  EXPECT_NEAR(e.probabilities[0], 1 / (1 + std::exp(-100.0 * 81 / 144)), 1e-12);
  EXPECT_NEAR(e.probabilities[0] + e.probabilities[1], 1, 1e-12);
}

TEST(Explanation, OfALinearNetworkHasItsWeightsAsSaliencyAndNoGradCam) {
  const Architecture net = zoo_architecture("logistic");
  Parameters parameters(net);
  randomise(parameters, 3);
  Engine engine({.threads = 1});
  Explainer explainer(net, parameters, {.mean = 0.1, .sd = 0.25}, engine);
  const Explanation e = explainer.explain(picture_of(28, std::vector<uint8_t>(784, 100)), 0, 4);
  EXPECT_FALSE(e.grad_cam.has_value());
  const auto weights = parameters.slot(net.layers.back().weight);  // [784, 10]
  for (size_t p = 0; p < 784; ++p) {
    EXPECT_NEAR(e.saliency.values[p], std::abs(weights[p * 10 + 4]) / 0.25, 1e-4);
  }
}

TEST(GradCamLayers, AreTheLastConvolutionWithItsRectifier) {
  EXPECT_TRUE(grad_cam_layers(zoo_architecture("logistic")).empty());
  for (const char* name : {"cnn3", "resnet-small", "keras"}) {
    const Architecture net = zoo_architecture(name);
    const std::vector<int> layers = grad_cam_layers(net);
    ASSERT_EQ(layers.size(), 1u);
    EXPECT_EQ(net.layers[static_cast<size_t>(layers[0])].spec.kind, LayerKind::kRelu) << name;
    for (size_t later = static_cast<size_t>(layers[0]); later < net.layers.size(); ++later) {
      EXPECT_NE(net.layers[later].spec.kind, LayerKind::kConv) << name;
    }
  }
}

// Two unsure detectors of ink, alike: each has half of d ln p(0) / d(its logits) = (1 - p(0),
// -p(1)).
TEST_F(Explained, GradCamOfAnEnsembleIsTheSumOfItsMembers) {
  const std::string member =
      "{type=\"conv\", filters=1, kernel=3, padding=\"same\", from=\"input\"}, {type=\"relu\"},"
      "{type=\"global_average_pool\"}, {type=\"dense\", units=2, name=";
  const Architecture net = parse_architecture(
      "name = \"two\"\ninput = [12, 12, 1]\nclasses = 2\nlayers = [" + member + "\"one\"}," +
          member + "\"other\"}, {type=\"mixture\", of=[\"one\", \"other\"]}]\n",
      "two");
  EXPECT_EQ(grad_cam_layers(net), (std::vector<int>{1, 5}));
  Parameters parameters(net);
  for (const size_t first : {0, 4}) {
    std::ranges::fill(parameters.slot(net.layers[first].weight), 1.0F);
    const auto dense = parameters.slot(net.layers[first + 3].weight);
    dense[0] = 0.5F;
    dense[1] = -0.5F;
  }
  Explainer explainer(net, parameters, kPlain, engine_);
  const Explanation e = explainer.explain(ink(), 0);
  const double other = 1 / (1 + std::exp(81.0 / 144));
  EXPECT_NEAR(e.probabilities[1], other, 1e-6);
  EXPECT_EQ(peak(*e.grad_cam), std::pair(3, 8));
  EXPECT_NEAR(e.grad_cam->at(3, 8), 2 * other * 0.5 / 144 * 9, 1e-6);
}

}  // namespace
}  // namespace inkling

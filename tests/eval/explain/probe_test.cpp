#include "eval/explain/probe.h"

#include <gtest/gtest.h>

#include <cmath>

#include "support/networks.h"
#include "support/reference_network.h"

namespace inkling {
namespace {

constexpr int kImages = 5;

std::vector<double> doubles(std::span<const float> values) {
  return {values.begin(), values.end()};
}

// A small network with random parameters and images, and its f64 reference.
struct Subject {
  explicit Subject(const SmallNetwork& small)
      : net(small.architecture()), parameters(net), x(random_images(net, kImages, 5)) {
    randomise(parameters, 6);
    x64 = doubles(x);
    p64 = doubles(parameters.all());
  }
  std::vector<double> reference_logits() {
    return ReferenceNetwork<double>(net, Mode::kProbe).forward(x64, p64, kImages);
  }

  Architecture net;
  Parameters parameters;
  std::vector<float> x;
  std::vector<double> x64, p64;
};

// Central differences of score(logits of image n) by each of its pixels.
template <typename Score>
std::vector<double> differences(Subject& s, Score score) {
  constexpr double kStep = 1e-5;
  const size_t pixels = s.net.input.size(), classes = static_cast<size_t>(s.net.classes);
  std::vector<double> result(s.x64.size());
  for (size_t p = 0; p < pixels; ++p) {
    std::vector<double> above, below;
    for (const double step : {kStep, -kStep}) {
      for (size_t n = 0; n < kImages; ++n) s.x64[n * pixels + p] += step;
      (step > 0 ? above : below) = s.reference_logits();
      for (size_t n = 0; n < kImages; ++n) s.x64[n * pixels + p] -= step;
    }
    for (size_t n = 0; n < kImages; ++n) {
      const auto of = [&](const std::vector<double>& logits) {
        return score(std::span(logits).subspan(n * classes, classes), n);
      };
      result[n * pixels + p] = (of(above) - of(below)) / (2 * kStep);
    }
  }
  return result;
}

double largest(std::span<const double> values) {
  double most = 0;
  for (const double v : values) most = std::max(most, std::abs(v));
  return most;
}

class Inspected : public testing::TestWithParam<SmallNetwork> {};
INSTANTIATE_TEST_SUITE_P(Every, Inspected, testing::ValuesIn(small_networks()),
                         [](const auto& each) { return std::string(each.param.name); });

TEST_P(Inspected, GradientOfAClassMatchesFiniteDifferences) {
  Subject s(GetParam());
  Engine engine({.threads = 2});
  Probe probe(s.net, s.parameters, engine);
  probe.forward(s.x.data(), kImages);
  std::vector<float> gradient(s.x.size());
  for (int c = 0; c < s.net.classes; ++c) {
    probe.backward_from_class(c);
    probe.input_gradient(gradient.data());
    const std::vector<double> expected = differences(
        s, [&](std::span<const double> logits, size_t) { return logits[static_cast<size_t>(c)]; });
    const double scale = largest(expected);
    ASSERT_GT(scale, 0);
    for (size_t i = 0; i < expected.size(); ++i) {
      ASSERT_NEAR(gradient[i], expected[i], 2e-4 * scale) << "class " << c << ", value " << i;
    }
  }
}

TEST_P(Inspected, GradientOfTheLossMatchesFiniteDifferencesButForItsScale) {
  Subject s(GetParam());
  const std::vector<uint8_t> labels{0, 1, 2, 0, 1};
  Engine engine({.threads = 1});
  Probe probe(s.net, s.parameters, engine);
  probe.forward(s.x.data(), kImages);
  probe.backward_from_loss(labels);
  std::vector<float> gradient(s.x.size());
  probe.input_gradient(gradient.data());
  const std::vector<double> expected =
      differences(s, [&](std::span<const double> logits, size_t n) {
        double sum = 0;
        for (const double z : logits) sum += std::exp(z - logits[labels[n]]);
        return std::log(sum);
      });
  const size_t pixels = s.net.input.size();
  for (size_t n = 0; n < kImages; ++n) {
    const auto theirs = std::span(expected).subspan(n * pixels, pixels);
    double scale = 0, most = 0;  // ours over theirs, read where theirs is largest
    for (size_t p = 0; p < pixels; ++p) {
      if (std::abs(theirs[p]) <= most) continue;
      most = std::abs(theirs[p]);
      scale = gradient[n * pixels + p] / theirs[p];
    }
    ASSERT_GT(scale, 0);
    for (size_t p = 0; p < pixels; ++p) {
      ASSERT_NEAR(gradient[n * pixels + p], scale * theirs[p], 5e-4 * scale * most);
    }
  }
}

SmallNetwork linear() {
  return {"linear", "[2, 2, 1]", R"({type="flatten"}, {type="dense", units=3})"};
}

TEST(Probe, LossOfASureAnswerStillHasAGradient) {
  const Architecture net = linear().architecture();
  Parameters parameters(net);
  const auto weights = parameters.slot(net.layers[1].weight);  // [4, 3]
  weights[0] = 40;                                             // pixel 0 speaks for class 0
  weights[1] = -40;
  Engine engine({.threads = 1});
  Probe probe(net, parameters, engine);
  const std::vector<float> x{10, 0, 0, 0};  // logits 400, -400, 0: p is 1 in f32
  probe.forward(x.data(), 1);
  probe.backward_from_loss(std::vector<uint8_t>{0});
  std::vector<float> gradient(4);
  probe.input_gradient(gradient.data());
  EXPECT_FLOAT_EQ(gradient[0], -40);  // less of pixel 0 raises the loss, by way of class 2
  EXPECT_EQ(gradient[1], 0);
}

TEST(Probe, LogOddsAreFiniteWhereProbabilitiesAreNot) {
  const Architecture net = linear().architecture();
  Parameters parameters(net);
  const auto weights = parameters.slot(net.layers[1].weight);
  weights[0] = 1;
  Engine engine({.threads = 1});
  Probe probe(net, parameters, engine);
  const std::vector<float> x{2, 0, 0, 0, 500, 0, 0, 0};
  probe.forward(x.data(), 2);
  EXPECT_NEAR(probe.log_odds(0)[0], 2 - std::log(2.0), 1e-6);
  EXPECT_NEAR(probe.log_odds(1)[0], -std::log(std::exp(2.0) + 1), 1e-6);
  EXPECT_NEAR(probe.log_odds(0)[1], 500 - std::log(2.0), 1e-4);
}

}  // namespace
}  // namespace inkling

#include "nn/optimiser.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "support/expect_error.h"
#include "support/networks.h"

namespace inkling {
namespace {

Architecture normed(int units) {
  return parse_architecture("input = [1, 1, 100]\nclasses = 3\nlayers = [{type=\"dense\", units=" +
                                std::to_string(units) +
                                "}, {type=\"batch_norm\"}, {type=\"dense\", units=3}]",
                            "net");
}

// What three steps on gradients drawn from a seed make of an architecture's parameters.
std::vector<float> after_three_steps(const Architecture& net, const OptimiserOptions& options,
                                     int threads = 1) {
  Engine engine({.threads = threads});
  Parameters parameters(net);
  randomise(parameters, 1);
  Optimiser optimiser(options, net, engine);
  Random random(2);
  std::vector<float> gradients(net.trainable_floats);
  for (int step = 0; step < 3; ++step) {
    for (float& g : gradients) g = static_cast<float>(random.uniform(-1, 1));
    optimiser.step(0.1 / (step + 1), gradients.data(), parameters);
  }
  return {parameters.all().begin(), parameters.all().end()};
}

// The same for one number at a time, in double, by the textbook. `rule(w, g, lr, t)`.
template <typename Rule>
void expect_rule(const OptimiserOptions& options, Rule make_rule) {
  const Architecture net = normed(4);
  const std::vector<float> found = after_three_steps(net, options);
  Parameters start(net);
  randomise(start, 1);
  Random random(2);
  std::vector<double> wanted(start.all().begin(), start.all().end());
  std::vector<decltype(make_rule())> rules(net.trainable_floats, make_rule());
  for (int step = 0; step < 3; ++step) {
    for (size_t i = 0; i < net.trainable_floats; ++i) {
      const double g = static_cast<float>(random.uniform(-1, 1));
      rules[i](wanted[i], g, 0.1 / (step + 1), step + 1);
    }
  }
  for (size_t i = 0; i < wanted.size(); ++i) ASSERT_NEAR(found[i], wanted[i], 2e-6) << i;
}

TEST(Optimiser, AdamIsKingmaAndBasAlgorithmOne) {
  expect_rule({.name = "adam", .epsilon = 1e-3}, [] {
    return [m = 0.0, v = 0.0](double& w, double g, double lr, int t) mutable {
      m = 0.9 * m + 0.1 * g;
      v = 0.999 * v + 0.001 * g * g;
      w -= lr * (m / (1 - std::pow(0.9, t))) / (std::sqrt(v / (1 - std::pow(0.999, t))) + 1e-3);
    };
  });
}

TEST(Optimiser, SgdGathersMomentum) {
  expect_rule({.name = "sgd", .momentum = 0.8}, [] {
    return [v = 0.0](double& w, double g, double lr, int) mutable {
      v = 0.8 * v + g;
      w -= lr * v;
    };
  });
}

TEST(Optimiser, NesterovLooksAhead) {
  expect_rule({.name = "sgd", .momentum = 0.8, .nesterov = true}, [] {
    return [v = 0.0](double& w, double g, double lr, int) mutable {
      v = 0.8 * v + g;
      w -= lr * (g + 0.8 * v);
    };
  });
}

TEST(Optimiser, MovingStatisticsAreLeftAlone) {
  const Architecture net = normed(4);
  Parameters start(net);
  randomise(start, 1);
  const std::vector<float> found = after_three_steps(net, {});
  ASSERT_LT(net.trainable_floats, found.size());
  EXPECT_TRUE(std::equal(found.begin() + static_cast<std::ptrdiff_t>(net.trainable_floats),
                         found.end(), start.all().begin() + net.trainable_floats));
}

TEST(Optimiser, ThreadsDoNotShow) {
  const Architecture net = normed(400);  // some 41,000 parameters: several threads' runs
  for (const char* name : {"adam", "sgd"}) {
    const std::vector<float> one = after_three_steps(net, {.name = name}, 1);
    EXPECT_EQ(after_three_steps(net, {.name = name}, 2), one);
    EXPECT_EQ(after_three_steps(net, {.name = name}, 3), one);
  }
}

TEST(Optimiser, UnknownNameIsRefused) {
  const Architecture net = normed(4);
  Engine engine({.threads = 1});
  EXPECT_ERROR(Optimiser({.name = "adamw"}, net, engine), ErrorKind::kUsage, "optimiser",
               "\"adam\" or \"sgd\"", "found \"adamw\"");
}

}  // namespace
}  // namespace inkling

#include "nn/optim/optimiser.h"

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

// Whether a trainable float is a weight of a dense layer, or of nobody behind one.
std::vector<bool> weights_of(const Architecture& net) {
  std::vector<bool> is_weight(net.trainable_floats);
  for (const ParameterSlot& slot : net.slots) {
    const size_t end = (slot.size + 15) / 16 * 16;  // slots begin at multiples of 16
    for (size_t i = 0; i < end && slot.dims.size() >= 2; ++i) is_weight[slot.offset + i] = true;
  }
  return is_weight;
}

// Three steps with weight decay, in double; `update` is told no decay for what never shrinks.
template <typename Update>
void expect_decay(const OptimiserOptions& options, Update update) {
  const Architecture net = normed(4);
  const std::vector<bool> is_weight = weights_of(net);
  const std::vector<float> found = after_three_steps(net, options);
  Parameters start(net);
  randomise(start, 1);
  Random random(2);
  std::vector<double> w(start.all().begin(), start.all().end()), m(w.size()), v(w.size());
  for (int t = 1; t <= 3; ++t) {
    for (size_t i = 0; i < net.trainable_floats; ++i) {
      const double g = static_cast<float>(random.uniform(-1, 1));
      update(w[i], m[i], v[i], g, 0.1 / t, t, is_weight[i] ? options.weight_decay : 0);
    }
  }
  for (size_t i = 0; i < w.size(); ++i) ASSERT_NEAR(found[i], w[i], 2e-6) << i;
}

void adam_rule(double& w, double& m, double& v, double g, double lr, int t) {
  m = 0.9 * m + 0.1 * g;
  v = 0.999 * v + 0.001 * g * g;
  w -= lr * (m / (1 - std::pow(0.9, t))) / (std::sqrt(v / (1 - std::pow(0.999, t))) + 1e-3);
}

TEST(Optimiser, AdamWTakesItsShareOffTheWeightsAloneAndOutsideTheGradient) {
  expect_decay({.name = "adamw", .epsilon = 1e-3, .weight_decay = 0.5},
               [](double& w, double& m, double& v, double g, double lr, int t, double decay) {
                 w *= 1 - lr * decay;
                 adam_rule(w, m, v, g, lr, t);
               });
}

TEST(Optimiser, AdamAndSgdAddItToTheWeightsGradient) {
  expect_decay({.name = "adam", .epsilon = 1e-3, .weight_decay = 0.5},
               [](double& w, double& m, double& v, double g, double lr, int t, double decay) {
                 adam_rule(w, m, v, g + decay * w, lr, t);
               });
  expect_decay({.name = "sgd", .momentum = 0.8, .weight_decay = 0.5},
               [](double& w, double& m, double&, double g, double lr, int, double decay) {
                 m = 0.8 * m + g + decay * w;
                 w -= lr * m;
               });
}

TEST(Optimiser, ClippingBoundsTheNormOfTheWholeGradient) {
  const Architecture net = normed(4);
  Engine engine({.threads = 2});
  const auto moved = [&](double clip, float size) {
    Parameters parameters(net);
    Optimiser optimiser({.name = "sgd", .momentum = 0, .clip = clip}, net, engine);
    const std::vector<float> gradients(net.trainable_floats, size);
    optimiser.step(1, gradients.data(), parameters);
    double sum = 0;
    for (const float w : parameters.trainable()) sum += static_cast<double>(w) * w;
    return std::sqrt(sum);
  };
  EXPECT_NEAR(moved(0.25, 3), 0.25, 1e-6);
  EXPECT_EQ(moved(1e6, 3), moved(0, 3));
}

// A trainable parameter after three steps, by its slot's name.
std::vector<float> slot_of(const Architecture& net, const std::vector<float>& parameters,
                           const std::string& name) {
  const auto slot = std::ranges::find(net.slots, name, &ParameterSlot::name);
  const auto begin = parameters.begin() + static_cast<std::ptrdiff_t>(slot->offset);
  return {begin, begin + static_cast<std::ptrdiff_t>(slot->size)};
}

TEST(Optimiser, MuonLeavesLogitLayersToAdamWThoseOfAMixturesMembersToo) {
  const Architecture net = SmallNetwork{"n", "[1, 1, 9]", R"(
      {type="dense", units=8, name="hidden"},
      {type="dense", units=3, name="a"}, {type="dense", units=3, name="b", from="hidden"},
      {type="mixture", of=["a", "b"], name="two"},
      {type="dense", units=3, name="c", from="hidden"}, {type="mixture", of=["two", "c"]})"}
                               .architecture();
  const std::vector<float> muon = after_three_steps(net, {.name = "muon", .adam_share = 1});
  const std::vector<float> adamw = after_three_steps(net, {.name = "adamw"});
  for (const char* logits : {"a.weight", "b.weight", "c.weight"}) {
    EXPECT_EQ(slot_of(net, muon, logits), slot_of(net, adamw, logits)) << logits;
  }
  EXPECT_NE(slot_of(net, muon, "hidden.weight"), slot_of(net, adamw, "hidden.weight"));
}

TEST(Optimiser, ItsStateGoesOnInAnother) {
  const Architecture net = normed(40);
  Engine engine({.threads = 1});
  for (const std::string_view name : optimiser_names()) {
    const OptimiserOptions options{.name = std::string(name)};
    Random random(3);
    std::vector<float> gradients(net.trainable_floats);
    for (float& g : gradients) g = static_cast<float>(random.uniform(-1, 1));
    Parameters one(net), two(net);
    Optimiser whole(options, net, engine), first(options, net, engine);
    for (int step = 0; step < 4; ++step) whole.step(0.1, gradients.data(), one);
    for (int step = 0; step < 2; ++step) first.step(0.1, gradients.data(), two);
    Optimiser second(options, net, engine);
    const auto from = first.state(), to = second.state();
    ASSERT_EQ(from.size(), to.size());
    for (size_t i = 0; i < to.size(); ++i) std::ranges::copy(from[i], to[i].begin());
    second.set_steps(first.steps());
    for (int step = 0; step < 2; ++step) second.step(0.1, gradients.data(), two);
    EXPECT_TRUE(std::ranges::equal(one.all(), two.all())) << name;
  }
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
  for (const std::string_view name : optimiser_names()) {
    const OptimiserOptions options{.name = std::string(name), .clip = 0.5};
    const std::vector<float> one = after_three_steps(net, options, 1);
    EXPECT_EQ(after_three_steps(net, options, 2), one);
    EXPECT_EQ(after_three_steps(net, options, 3), one);
  }
}

TEST(Optimiser, UnknownNameIsRefused) {
  const Architecture net = normed(4);
  Engine engine({.threads = 1});
  EXPECT_ERROR(Optimiser({.name = "muom"}, net, engine), ErrorKind::kUsage, "optimiser",
               "sgd, adam, adamw, muon", "found \"muom\" (did you mean \"muon\"");
}

}  // namespace
}  // namespace inkling

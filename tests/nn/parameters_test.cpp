#include "nn/parameters.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "nn/architecture/zoo.h"

namespace inkling {
namespace {

Architecture net_of_every_slot() {
  return parse_architecture(R"(
input = [8, 8, 16]
classes = 10
layers = [
  { type = "conv", filters = 64, kernel = 3, padding = "same", name = "first" },
  { type = "batch_norm", name = "norm" },
  { type = "conv", filters = 64, kernel = 3, padding = "same", name = "second" },
  { type = "conv", filters = 64, kernel = 3, padding = "same", name = "third" },
  { type = "flatten" },
  { type = "dense", units = 20, name = "hidden" },
  { type = "dense", units = 10, name = "last" },
])",
                            "net");
}

class Initialised : public testing::Test {
 protected:
  Initialised() { parameters_.initialise(3); }

  const ParameterSlot& slot(std::string_view name) const { return net_.slots[index(name)]; }
  std::span<const float> values(std::string_view name) const {
    return parameters_.slot(static_cast<int>(index(name)));
  }
  size_t index(std::string_view name) const {
    for (size_t i = 0; i < net_.slots.size(); ++i) {
      if (net_.slots[i].name == name) return i;
    }
    throw std::out_of_range(std::string(name));
  }

  Architecture net_ = net_of_every_slot();
  Parameters parameters_{net_};
};

struct Moments {
  double mean = 0, variance = 0, largest = 0;
};

Moments moments(std::span<const float> values) {
  Moments m;
  const double n = static_cast<double>(values.size());
  for (const float v : values) m.mean += v / n;
  for (const float v : values) {
    m.variance += (v - m.mean) * (v - m.mean) / n;
    m.largest = std::max(m.largest, std::abs(static_cast<double>(v)));
  }
  return m;
}

TEST_F(Initialised, ConvolutionsAreNormalWithHesVariance) {
  const double variance = 2.0 / (3 * 3 * 16);
  const Moments m = moments(values("first.weight"));  // 9,216 numbers: 1.5 % deviation
  EXPECT_NEAR(m.variance / variance, 1, 0.06);
  EXPECT_NEAR(m.mean / std::sqrt(variance), 0, 0.04);
  EXPECT_GT(m.largest, 3 * std::sqrt(variance));
}

TEST_F(Initialised, HiddenDenseLayersAreUniformWithinOneOverTheRootOfTheirInputs) {
  const double bound = 1 / std::sqrt(8.0 * 8 * 64);
  const Moments m = moments(values("hidden.weight"));
  EXPECT_NEAR(m.variance / (bound * bound / 3), 1, 0.02);
  EXPECT_LE(m.largest, bound);
  EXPECT_GT(m.largest, 0.99 * bound);
}

TEST_F(Initialised, TheLastLayerIsUniformWithinGlorotsBound) {
  const double bound = std::sqrt(6.0 / (20 + 10));
  const Moments m = moments(values("last.weight"));  // 200 numbers
  EXPECT_NEAR(m.variance / (bound * bound / 3), 1, 0.25);
  EXPECT_LE(m.largest, bound);
  EXPECT_GT(m.largest, 0.9 * bound);
}

TEST_F(Initialised, ScalesAreOneAndShiftsZero) {
  for (const char* ones : {"norm.weight", "norm.running_var"}) {
    for (const float v : values(ones)) ASSERT_EQ(v, 1) << ones;
  }
  for (const char* zeros : {"first.bias", "hidden.bias", "norm.bias", "norm.running_mean"}) {
    for (const float v : values(zeros)) ASSERT_EQ(v, 0) << zeros;
  }
}

TEST_F(Initialised, EverySlotHasAStreamOfItsOwn) {
  ASSERT_EQ(slot("second.weight").dims, slot("third.weight").dims);
  const auto second = values("second.weight"), third = values("third.weight");
  int alike = 0;
  for (size_t i = 0; i < second.size(); ++i) alike += second[i] == third[i];
  EXPECT_LT(alike, 10);
}

TEST(Parameters, SameSeedGivesTheSameBitsAndAnotherSeedOthers) {
  const Architecture net = zoo_architecture("lenet5");
  const auto drawn = [&](uint64_t seed) {
    Parameters parameters(net);
    parameters.initialise(seed);
    return std::vector<float>(parameters.all().begin(), parameters.all().end());
  };
  EXPECT_EQ(drawn(5), drawn(5));
  EXPECT_NE(drawn(5), drawn(6));
}

TEST(Parameters, InitialisingAgainLeavesNothingOfBefore) {
  const Architecture net = zoo_architecture("cnn3");
  Parameters fresh(net), used(net);
  fresh.initialise(2);
  for (size_t i = 0; i < net.slots.size(); ++i) {
    std::ranges::fill(used.slot(static_cast<int>(i)), 9.0f);
  }
  used.initialise(2);
  EXPECT_TRUE(std::ranges::equal(fresh.all(), used.all()));
}

}  // namespace
}  // namespace inkling

// Mixtures whose members learn apart: each as if it were alone.
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "nn/network.h"
#include "support/networks.h"

namespace inkling {
namespace {

constexpr int kImages = 6;

Architecture network(const std::string& layers) {
  return SmallNetwork{"apart", "[6, 6, 1]", layers.c_str()}.architecture();
}

// The gradients of one batch, by slot; parameters of the same name are alike in every network.
struct Learned {
  explicit Learned(const std::string& layers, Mode mode = Mode::kTrain)
      : net(network(layers)), parameters(net), compiled(net, mode, kImages, engine) {
    for (const ParameterSlot& slot : net.slots) {
      Random random(std::hash<std::string>{}(slot.name));
      for (float& value : parameters.slot(static_cast<int>(&slot - net.slots.data()))) {
        value = static_cast<float>(random.uniform(-0.5, 0.5));
      }
    }
    const std::vector<float> images = random_images(net, kImages, 3);
    const Tensor& input = compiled.input();
    for (int n = 0; n < kImages; ++n) {
      for (int y = 0; y < 6; ++y) std::copy_n(&images[n * 36 + y * 6], 6, input.row(n, y));
    }
    compiled.forward(parameters, kImages);
    loss = compiled.loss(some_labels(kImages, 3, 3), 0.1f);
    compiled.backward(parameters);
  }
  std::vector<float> gradient(const std::string& name) const {
    for (const ParameterSlot& slot : net.slots) {
      if (slot.name != name) continue;
      const float* begin = compiled.gradients() + slot.offset;
      return {begin, begin + slot.size};
    }
    ADD_FAILURE() << name;
    return {};
  }

  Engine engine{{.isa = "auto", .precision = "f32", .threads = 2}};
  Architecture net;
  Parameters parameters;
  Network compiled;
  LossResult loss;
};

const std::string kTrunk = R"({type="conv", filters=4, kernel=3, name="trunk"}, {type="relu"},
                              {type="flatten", name="f"}, )";
const std::string kA = R"({type="dense", units=5, name="a1", from="f"}, {type="relu"},
                          {type="dense", units=3, name="a2"})";
const std::string kB = R"({type="dense", units=3, name="b", from="f"})";

TEST(Apart, MembersHaveTheGradientsOfANetworkOfTheirOwn) {
  const Learned both(kTrunk + kA + ", " + kB + R"(, {type="mixture", of=["a2", "b"], apart=true})");
  const Learned a(kTrunk + kA), b(kTrunk + kB);
  for (const char* slot : {"a1.weight", "a1.bias", "a2.weight", "a2.bias"}) {
    EXPECT_EQ(both.gradient(slot), a.gradient(slot)) << slot;
  }
  for (const char* slot : {"b.weight", "b.bias"}) {
    EXPECT_EQ(both.gradient(slot), b.gradient(slot)) << slot;
  }
  const std::vector<float> sum = both.gradient("trunk.weight"), of_a = a.gradient("trunk.weight"),
                           of_b = b.gradient("trunk.weight");
  for (size_t i = 0; i < sum.size(); ++i) EXPECT_NEAR(sum[i], of_a[i] + of_b[i], 1e-6);
}

TEST(Apart, TheLossIsTheMixtures) {
  const std::string members = kTrunk + kA + ", " + kB;
  const Learned apart(members + R"(, {type="mixture", of=["a2", "b"], apart=true})"),
      joint(members + R"(, {type="mixture", of=["a2", "b"]})");
  EXPECT_EQ(apart.loss.sum, joint.loss.sum);
  EXPECT_NE(apart.gradient("b.weight"), joint.gradient("b.weight"));
}

TEST(Apart, AMemberNamedTwiceLearnsOnce) {
  const Learned twice(kTrunk + kB + R"(, {type="mixture", of=["b", "b"], apart=true})");
  EXPECT_EQ(twice.gradient("b.weight"), Learned(kTrunk + kB).gradient("b.weight"));
}

// What a network is asked about itself is the whole's.
TEST(Apart, InspectionFollowsTheMixture) {
  const std::string members = kTrunk + kA + ", " + kB;
  const Learned apart(members + R"(, {type="mixture", of=["a2", "b"], apart=true})", Mode::kProbe),
      joint(members + R"(, {type="mixture", of=["a2", "b"]})", Mode::kProbe);
  EXPECT_TRUE(apart.compiled.heads_apart().empty());
  for (int n = 0; n < kImages; ++n) {
    for (int y = 0; y < 6; ++y) {
      const float *is = apart.compiled.input_gradient().row(n, y),
                  *was = joint.compiled.input_gradient().row(n, y);
      EXPECT_EQ(std::vector(is, is + 6), std::vector(was, was + 6));
    }
  }
}

}  // namespace
}  // namespace inkling

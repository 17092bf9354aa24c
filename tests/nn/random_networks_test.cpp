// Networks nobody thought of: random graphs of layers, compiled and compared with the reference.
// What is fused, what is a view, who writes a gradient first and who adds to it depends on who
// reads what, and no list of networks written by hand has every case.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "support/network_agreement.h"
#include "support/variants.h"

namespace inkling {
namespace {

constexpr int kSeeds = 60;

class NetworkMaker {
 public:
  explicit NetworkMaker(uint64_t seed) : random_(seed) {}

  Architecture make() {
    const Shape input{between(1, 8), between(1, 8), pick(std::vector{1, 2, 3, 16})};
    nodes_.push_back({"input", input});
    for (int layers = between(3, 12); layers > 0; --layers) add_some_layer();
    end();
    return parse_architecture(architecture_text("random", input, kClasses, specs_), "random");
  }

 private:
  static constexpr int kClasses = 3;
  struct Node {
    std::string name;
    Shape shape;
  };

  int between(int low, int high) {
    return low + static_cast<int>(random_.below(static_cast<uint64_t>(high - low + 1)));
  }
  template <typename T>
  T pick(const std::vector<T>& from) {
    return from[random_.below(from.size())];
  }
  bool chance(double p) { return random_.uniform() < p; }

  const Node& add(LayerSpec spec, const Node& from, const Shape& out) {
    spec.name = fmt::format("l{}", specs_.size());
    spec.from = from.name;
    specs_.push_back(spec);
    return nodes_.emplace_back(spec.name, out);
  }

  // One of the layers with outputs of that shape, the first of them included.
  std::string like(const Shape& shape) {
    std::vector<std::string> same;
    for (const Node& node : nodes_) {
      if (node.shape == shape) same.push_back(node.name);
    }
    return pick(same);
  }

  const Node& flat(const Node& node) {
    const Shape& in = node.shape;
    if (in.height * in.width == 1) return node;
    if (chance(0.3)) {
      return add({.kind = LayerKind::kGlobalAveragePool}, node, {1, 1, in.channels});
    }
    return add({.kind = LayerKind::kFlatten}, node, {1, 1, static_cast<int>(in.size())});
  }

  const Node& dense(const Node& from, int units) {
    const Node in = flat(from);
    return add({.kind = LayerKind::kDense, .units = units, .bias = chance(0.7)}, in, {1, 1, units});
  }

  void add_conv(const Node& from, LayerSpec spec) {
    const auto windows = [&](int extent) {
      const int room = spec.padding == PaddingRule::kSame ? extent - 1 : extent - spec.kernel;
      return room / spec.stride + 1;
    };
    spec.kind = LayerKind::kConv;
    spec.bias = chance(0.7);
    add(spec, from, {windows(from.shape.height), windows(from.shape.width), spec.filters});
  }

  // Reads the last layer mostly, so that there are chains to fuse.
  void add_some_layer() {
    const Node from = chance(0.7) ? nodes_.back() : pick(nodes_);
    const Shape& in = from.shape;
    const int least = std::min(in.height, in.width);
    switch (between(0, 12)) {
      case 0:
      case 1:
        add_conv(from, {.filters = pick(std::vector{1, 2, 4, 5, 17}),
                        .kernel = between(1, std::min(5, least)),
                        .stride = between(1, 3),
                        .padding = chance(0.5) ? PaddingRule::kSame : PaddingRule::kValid});
        return;
      case 2:
      case 3:  // Winograd's, from as many channels
        add_conv(from, {.filters = 16, .kernel = 3, .stride = 1, .padding = PaddingRule::kSame});
        return;
      case 4:
      case 5:
        add({.kind = LayerKind::kBatchNorm}, from, in);
        return;
      case 6:
      case 7:
        add({.kind = LayerKind::kRelu}, from, in);
        return;
      case 8: {
        const int window = between(1, std::min(3, least)), stride = between(1, 3);
        add({.kind = chance(0.7) ? LayerKind::kMaxPool : LayerKind::kAveragePool,
             .window = window,
             .stride = stride},
            from,
            {(in.height - window) / stride + 1, (in.width - window) / stride + 1, in.channels});
        return;
      }
      case 9:
        add({.kind = LayerKind::kDropout, .rate = random_.uniform(0, 0.7)}, from, in);
        return;
      case 10:
        add({.kind = LayerKind::kAdd, .with = {like(in)}}, from, in);
        return;
      case 11:
        add({.kind = LayerKind::kFlatten}, from, {1, 1, static_cast<int>(in.size())});
        return;
      default:
        dense(from, pick(std::vector{1, 3, 4, 17}));
    }
  }

  void end() {
    const Shape logits{1, 1, kClasses};
    const Node before = nodes_.back();
    const Node first = dense(before, kClasses);
    switch (between(0, 4)) {
      case 0: {
        const Node second = dense(pick(nodes_), kClasses);
        add({.kind = LayerKind::kMixture, .with = {first.name, like(logits)}}, second, logits);
        return;
      }
      case 1: {
        const Node second = dense(pick(nodes_), kClasses);
        add({.kind = LayerKind::kAdd, .with = {like(logits)}}, second, logits);
        return;
      }
      case 2:  // another layer reads what are the logits, to no end
        add({.kind = LayerKind::kRelu}, first, logits);
        add({.kind = LayerKind::kFlatten}, first, logits);
        return;
      case 3:
        add({.kind = LayerKind::kBatchNorm}, first, logits);
        return;
      default:
        return;
    }
  }

  std::vector<LayerSpec> specs_;
  std::vector<Node> nodes_;
  Random random_;
};

// With parameters, and images. Weights are scaled so that numbers neither grow nor shrink on their
// way through many layers.
NetworkFixture with_parameters(const Architecture& net) {
  NetworkFixture f(net, 1, 11);
  for (size_t i = 0; i < net.slots.size(); ++i) {
    if (net.slots[i].dims.size() < 2) continue;
    const float scale = 3.0f / std::sqrt(static_cast<float>(net.slots[i].fan_in));
    for (float& weight : f.parameters.slot(static_cast<int>(i))) weight *= scale;
  }
  f.p64 = doubles(f.parameters.all());
  return f;
}

// The largest error of plain loops in float: what rounding does to a network, through batch norms
// of almost equal values for one.
double rounding_error(const NetworkFixture& f) {
  double largest = 0;
  const auto compare = [&](const std::vector<float>& rounded, const std::vector<double>& exact) {
    const double scale = root_mean_square(exact);
    for (size_t i = 0; i < exact.size(); ++i) {
      largest = std::max(largest, relative_error(rounded[i], exact[i], scale));
    }
  };
  const std::vector<float> parameters(f.parameters.all().begin(), f.parameters.all().end());
  for (const Mode mode : {Mode::kTrain, Mode::kProbe}) {
    ReferenceNetwork<float> rounded(f.net, mode);
    ReferenceNetwork<double> exact(f.net, mode);
    compare(rounded.forward(f.x, parameters, f.images(), kDropoutKey),
            exact.forward(f.x64, f.p64, f.images(), kDropoutKey));
    rounded.loss(f.labels);
    exact.loss(f.labels);
    rounded.backward();
    exact.backward();
    compare(rounded.input_gradient(), exact.input_gradient());
    compare(rounded.parameter_gradient(), exact.parameter_gradient());
  }
  return largest;
}

class RandomNetworks : public VariantTest {};

TEST_P(RandomNetworks, AgreeWithReference) {
  Engine engine({.isa = std::string(variant().name), .precision = "f32", .threads = 2});
  int compared = 0;
  for (int seed = 1; seed <= kSeeds; ++seed) {
    const Architecture net = NetworkMaker(static_cast<uint64_t>(seed)).make();
    SCOPED_TRACE(fmt::format("seed {}:\n{}", seed, net.text));
    const NetworkFixture f = with_parameters(net);
    if (rounding_error(f) > 1e-5) continue;
    ++compared;
    expect_agreement(f, engine, 1e-2);
    expect_classifier_agreement(f, engine, 1e-3);
    if (HasFailure()) return;  // one network at a time
  }
  EXPECT_GT(compared, kSeeds / 2);
}

INKLING_FOR_ALL_VARIANTS(RandomNetworks);

}  // namespace
}  // namespace inkling

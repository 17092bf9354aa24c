// Whether compiled networks compute what the reference network does: forward, loss and gradients in
// training and probing, and the classifier's predictions.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "nn/classifier.h"
#include "nn/network.h"
#include "support/networks.h"
#include "support/reference_network.h"

namespace inkling {

constexpr uint32_t kDropoutKey = 77;

inline std::vector<double> doubles(std::span<const float> values) {
  return {values.begin(), values.end()};
}

// |a - b| relative to the larger, or to the typical size of the compared vector where both are
// small.
inline double relative_error(double a, double b, double scale) {
  return a == b ? 0 : std::abs(a - b) / std::max({std::abs(a), std::abs(b), scale});
}

inline double root_mean_square(const std::vector<double>& v) {
  double sum = 0;
  for (const double x : v) sum += x * x;
  return std::sqrt(sum / static_cast<double>(std::max<size_t>(v.size(), 1)));
}

// A small network with parameters, a batch and its reference in double.
struct NetworkFixture {
  Architecture net;
  Parameters parameters;
  std::vector<float> x;
  std::vector<uint8_t> labels;
  std::vector<double> x64, p64;

  NetworkFixture(Architecture architecture, uint64_t seed, int images)
      : net(std::move(architecture)),
        parameters(net),
        x(random_images(net, images, seed)),
        labels(some_labels(images, net.classes, seed)) {
    randomise(parameters, seed + 1);
    x64 = doubles(x);
    p64 = doubles(parameters.all());
  }

  int images() const { return static_cast<int>(labels.size()); }
  // Training moves batch norm's statistics: each takes a copy.
  Parameters copied_parameters() const {
    Parameters copy(net);
    std::ranges::copy(parameters.all(), copy.all().begin());
    return copy;
  }

  double loss(Mode mode) {
    ReferenceNetwork<double> reference(net, mode);
    reference.forward(x64, p64, images(), kDropoutKey);
    return reference.loss(labels);
  }
  // Central difference of the loss by `value`, an element of x64 or p64. The step balances rounding
  // (1e-16 / h) against the third derivative (h^2).
  double difference(double& value, Mode mode) {
    constexpr double kStep = 1e-5;
    const double middle = value;
    value = middle + kStep;
    const double above = loss(mode);
    value = middle - kStep;
    const double below = loss(mode);
    value = middle;
    return (above - below) / (2 * kStep);
  }
};

// Against the larger of the element, the typical size of its vector and `least`: a vector that is
// zero in truth (a bias somewhere under a batch norm) has no scale of its own.
inline void expect_close(const std::vector<float>& found, const std::vector<double>& wanted,
                         double tolerance, const std::string& what, double least = 0) {
  ASSERT_EQ(found.size(), wanted.size());
  const double scale = std::max(root_mean_square(wanted), least);
  for (size_t i = 0; i < found.size(); ++i) {
    ASSERT_LT(relative_error(found[i], wanted[i], scale), tolerance) << what << "[" << i << "]";
  }
}

inline void expect_gradients_close(const Architecture& net, const float* found,
                                   const std::vector<double>& wanted, double tolerance) {
  const double least = 1e-2 * root_mean_square(wanted);
  for (const ParameterSlot& slot : net.slots) {
    if (!slot.trainable) continue;
    const float* f = found + slot.offset;
    const double* w = wanted.data() + slot.offset;
    expect_close({f, f + slot.size}, {w, w + slot.size}, tolerance, slot.name, least);
  }
}

inline void expect_agreement(const NetworkFixture& f, Engine& engine, double tolerance) {
  const int images = f.images();
  for (const Mode mode : {Mode::kTrain, Mode::kProbe}) {
    SCOPED_TRACE(mode == Mode::kTrain ? "training" : "probing");
    ReferenceNetwork<double> reference(f.net, mode);
    const std::vector<double> logits = reference.forward(f.x64, f.p64, images, kDropoutKey);
    const double loss = reference.loss(f.labels);
    reference.backward();

    Parameters parameters = f.copied_parameters();
    Network network(f.net, mode, images + 3, engine);
    fill(network.input(), f.x);
    network.forward(parameters, images, kDropoutKey);
    expect_close(values_of(network.logits(), images), logits, tolerance, "logits");
    EXPECT_NEAR(network.loss(f.labels).sum / images, loss, tolerance * std::max(1.0, loss));
    network.backward(parameters);
    if (mode == Mode::kTrain) {
      expect_gradients_close(f.net, network.gradients(), reference.parameter_gradient(), tolerance);
      continue;
    }
    expect_close(values_of(network.input_gradient(), images), reference.input_gradient(), tolerance,
                 "input gradient");
    for (size_t i = 0; i < f.net.layers.size(); ++i) {
      const int layer = static_cast<int>(i);
      expect_close(values_of(network.activation(layer), images), reference.activation(layer),
                   tolerance, f.net.layers[i].spec.name);
    }
  }
}

inline void expect_classifier_agreement(const NetworkFixture& f, Engine& engine, double tolerance) {
  ReferenceNetwork<double> reference(f.net, Mode::kInfer);
  const std::vector<double> logits = reference.forward(f.x64, f.p64, f.images());
  Classifier classifier(f.net, engine);
  classifier.update(f.parameters);
  std::vector<float> probabilities(logits.size());
  classifier.predict(f.x.data(), f.images(), probabilities.data());
  const size_t classes = static_cast<size_t>(f.net.classes);
  for (size_t begin = 0; begin < logits.size(); begin += classes) {
    const double largest = *std::max_element(&logits[begin], &logits[begin] + classes);
    double sum = 0;
    for (size_t c = 0; c < classes; ++c) sum += std::exp(logits[begin + c] - largest);
    for (size_t i = begin; i < begin + classes; ++i) {
      ASSERT_NEAR(probabilities[i], std::exp(logits[i] - largest) / sum, tolerance) << i;
    }
  }
}

}  // namespace inkling

// Is the arithmetic right? Finite differences check the double reference; the reference checks the
// compiled steps of every variant; and finite differences of the reference check their gradients.
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "nn/architecture/zoo.h"
#include "nn/classifier.h"
#include "nn/network.h"
#include "support/amx_kernels.h"
#include "support/network_agreement.h"
#include "support/variants.h"

namespace inkling {
namespace {

constexpr int kBatch = 5;

class Layers : public ::testing::TestWithParam<SmallNetwork> {};

TEST_P(Layers, ReferenceGradientsMatchFiniteDifferencesInDouble) {
  for (const Mode mode : {Mode::kTrain, Mode::kProbe}) {
    NetworkFixture f(GetParam().architecture(), 3, kBatch);
    ReferenceNetwork<double> reference(f.net, mode);
    reference.forward(f.x64, f.p64, kBatch, kDropoutKey);
    reference.loss(f.labels);
    reference.backward();
    const std::vector<double>& dp = reference.parameter_gradient();
    const double scale = 1e-2 * root_mean_square(dp);
    for (const ParameterSlot& slot : f.net.slots) {
      if (!slot.trainable) continue;
      for (size_t i = slot.offset; i < slot.offset + slot.size; ++i) {
        ASSERT_LT(relative_error(dp[i], f.difference(f.p64[i], mode), scale), 1e-5)
            << slot.name << "[" << i - slot.offset << "]";
      }
    }
    const std::vector<double>& dx = reference.input_gradient();
    const double x_scale = 1e-2 * root_mean_square(dx);
    for (size_t i = 0; i < f.x64.size(); i += 3) {
      ASSERT_LT(relative_error(dx[i], f.difference(f.x64[i], mode), x_scale), 1e-5) << "x " << i;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Every, Layers, ::testing::ValuesIn(small_networks()),
                         [](const auto& each) { return std::string(each.param.name); });

class Compiled : public VariantTest {
 protected:
  // f32 throughout, so that the variant's f32 kernels are what is tested.
  Engine engine(int threads = 2) {
    return Engine({.isa = std::string(variant().name), .precision = "f32", .threads = threads});
  }
};

TEST_P(Compiled, EveryLayerAgreesWithReference) {
  for (const SmallNetwork& small : small_and_wide_networks()) {
    SCOPED_TRACE(small.name);
    Engine engine = this->engine();
    expect_agreement(NetworkFixture(small.architecture(), 11, kBatch), engine, 1e-3);
  }
}

TEST_P(Compiled, BatchesOfManyPiecesAgreeWithReference) {
  for (const SmallNetwork& small : small_and_wide_networks()) {
    SCOPED_TRACE(small.name);
    Engine engine = this->engine();
    expect_agreement(NetworkFixture(small.architecture(), 11, 71), engine, 1e-3);
  }
}

TEST_P(Compiled, EveryLayersGradientMatchesFiniteDifferencesOfTheDoubleReference) {
  for (const SmallNetwork& small : small_networks()) {
    SCOPED_TRACE(small.name);
    NetworkFixture f(small.architecture(), 5, kBatch);
    Engine engine = this->engine();
    Parameters parameters = f.copied_parameters();
    Network network(f.net, Mode::kTrain, kBatch, engine);
    fill(network.input(), f.x);
    network.forward(parameters, kBatch, kDropoutKey);
    network.loss(f.labels);
    network.backward(parameters);
    std::vector<double> wanted(f.net.trainable_floats);
    for (const ParameterSlot& slot : f.net.slots) {
      if (!slot.trainable) continue;
      for (size_t i = slot.offset; i < slot.offset + slot.size; ++i) {
        wanted[i] = f.difference(f.p64[i], Mode::kTrain);
      }
    }
    expect_gradients_close(f.net, network.gradients(), wanted, 1e-2);
  }
}

TEST_P(Compiled, ClassifierAgreesWithReferenceInference) {
  for (const SmallNetwork& small : small_and_wide_networks()) {
    SCOPED_TRACE(small.name);
    Engine engine = this->engine();
    expect_classifier_agreement(NetworkFixture(small.architecture(), 21, 45), engine, 1e-4);
  }
}

// One image's rows, split among threads: also more threads than there are rows.
TEST_P(Compiled, OneImageGetsTheSameBitsOnAnyNumberOfThreads) {
  for (const SmallNetwork& small : small_and_wide_networks()) {
    for (const char* precision : {"f32", "auto"}) {
      SCOPED_TRACE(std::string(small.name) + ", " + precision);
      NetworkFixture f(small.architecture(), 22, 1);
      std::vector<float> alone;
      for (const int threads : {1, 2, 3, 7}) {
        Engine engine(
            {.isa = std::string(variant().name), .precision = precision, .threads = threads});
        Classifier classifier(f.net, engine, 0);
        classifier.update(f.parameters);
        std::vector<float> probabilities(3);
        classifier.predict(f.x.data(), 1, probabilities.data());
        if (threads == 1) alone = probabilities;
        ASSERT_EQ(probabilities, alone) << threads << " threads";
      }
    }
  }
}

TEST_P(Compiled, ZooAgreesWithReferenceInInference) {
  for (const ZooEntry& entry : zoo()) {
    SCOPED_TRACE(entry.name);
    NetworkFixture f(zoo_architecture(entry.name), 31, 1);
    f.parameters.initialise(4);
    f.p64 = doubles(f.parameters.all());
    ReferenceNetwork<double> reference(f.net, Mode::kProbe);
    const std::vector<double> logits = reference.forward(f.x64, f.p64, 1);
    Engine engine = this->engine();
    Network network(f.net, Mode::kProbe, 1, engine);
    fill(network.input(), f.x);
    network.forward(f.parameters, 1);
    expect_close(values_of(network.logits(), 1), logits, 1e-3, "logits");
  }
}

// In the variant's best precision.
TEST_P(Compiled, GradientsAreTheSameBitsOnAnyNumberOfThreads) {
  // A whole residual network; under sanitizers, where it would take minutes, a small one.
  const bool sample = std::getenv("INKLING_TEST_SAMPLE") != nullptr;
  const std::vector<SmallNetwork> small = small_networks();
  const auto residual = std::find_if(small.begin(), small.end(), [](const SmallNetwork& network) {
    return std::string_view(network.name) == "residual";
  });
  ASSERT_NE(residual, small.end());
  NetworkFixture f(sample ? residual->architecture() : zoo_architecture("resnet-small"), 41, 37);
  std::vector<float> first;
  for (const int threads : {1, 2, 3}) {
    Engine engine({.isa = std::string(variant().name), .threads = threads});
    Parameters parameters = f.copied_parameters();
    Network network(f.net, Mode::kTrain, 37, engine);
    fill(network.input(), f.x);
    network.forward(parameters, 37, kDropoutKey);
    network.loss(f.labels);
    network.backward(parameters);
    std::vector<float> gradients(network.gradients(), network.gradients() + f.net.trainable_floats);
    gradients.insert(gradients.end(), parameters.all().begin(), parameters.all().end());
    if (first.empty()) first = gradients;
    ASSERT_EQ(gradients, first) << threads << " threads";
  }
}

// bf16 keeps 8 bits: an operand is off by at most 2^-9 of itself, a product by 2^-8. Along a path
// of p products the relative errors add up to at most p 2^-8 of the vector's length, if none is
// amplified; a factor 2 is granted to batch norm, rectifiers and maxima, which may amplify or flip.
void expect_bf16_accuracy(Engine& engine) {
  constexpr int kMany = 37;
  for (const SmallNetwork& small : small_and_wide_networks()) {
    SCOPED_TRACE(small.name);
    NetworkFixture f(small.architecture(), 51, kMany);
    ReferenceNetwork<double> reference(f.net, Mode::kTrain);
    reference.forward(f.x64, f.p64, kMany, kDropoutKey);
    reference.loss(f.labels);
    reference.backward();
    Network network(f.net, Mode::kTrain, kMany, engine);
    fill(network.input(), f.x);
    network.forward(f.parameters, kMany, kDropoutKey);
    network.loss(f.labels);
    network.backward(f.parameters);
    int products = 0;
    for (const Layer& layer : f.net.layers) {
      products += layer.spec.kind == LayerKind::kConv || layer.spec.kind == LayerKind::kDense;
    }
    const std::vector<double>& wanted = reference.parameter_gradient();
    double difference = 0, length = 0;
    for (size_t i = 0; i < f.net.trainable_floats; ++i) {
      const double d = static_cast<double>(network.gradients()[i]) - wanted[i];
      difference += d * d;
      length += wanted[i] * wanted[i];
    }
    EXPECT_LT(std::sqrt(difference / length), 2 * 2 * products * 0x1p-8);
  }
}

TEST_P(Compiled, Bf16GradientsAgreeToTheFormatsAccuracy) {
  if (!variant().bf16) GTEST_SKIP() << variant().name << " has no bf16 products";
  Engine engine({.isa = std::string(variant().name), .precision = "bf16", .threads = 2});
  expect_bf16_accuracy(engine);
}

TEST(Amx, Bf16GradientsAgreeToTheFormatsAccuracy) {
  const test::AmxKernels kernels;
  if (!kernels.get()) GTEST_SKIP() << "this CPU lacks AVX-512 with bf16, which goes with the tiles";
  Engine engine(kernels.variant(), 2);
  expect_bf16_accuracy(engine);
}

TEST(Amx, GradientsAreTheSameBitsOnAnyNumberOfThreads) {
  const test::AmxKernels kernels;
  if (!kernels.get()) GTEST_SKIP() << "this CPU lacks AVX-512 with bf16, which goes with the tiles";
  constexpr int kMany = 21;
  for (const SmallNetwork& small : small_networks()) {
    SCOPED_TRACE(small.name);
    std::vector<float> first;
    for (int threads = 1; threads <= 3; ++threads) {
      NetworkFixture f(small.architecture(), 61, kMany);
      Engine engine(kernels.variant(), threads);
      Network network(f.net, Mode::kTrain, kMany, engine);
      fill(network.input(), f.x);
      network.forward(f.parameters, kMany, kDropoutKey);
      network.loss(f.labels);
      network.backward(f.parameters);
      std::vector<float> gradients(network.gradients(),
                                   network.gradients() + f.net.trainable_floats);
      if (first.empty()) first = gradients;
      ASSERT_EQ(gradients, first) << threads << " threads";
    }
  }
}

INKLING_FOR_ALL_VARIANTS(Compiled);

}  // namespace
}  // namespace inkling

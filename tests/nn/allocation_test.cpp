// A training step allocates nothing, and neither does a prediction. Under the sanitizers, which
// count for themselves, the tests are skipped.
#include <gtest/gtest.h>

#include "nn/architecture/zoo.h"
#include "nn/classifier.h"
#include "nn/network.h"
#include "nn/optim/optimiser.h"
#include "support/counted_allocations.h"
#include "support/networks.h"

namespace inkling {
namespace {

#ifdef INKLING_COUNTS_ALLOCATIONS

void expect_steps_without_allocation(const Architecture& net) {
  constexpr int kBatch = 24;
  for (const int threads : {1, 2}) {
    for (const char* name : {"adam", "sgd"}) {
      Engine engine({.threads = threads});
      Parameters parameters(net);
      parameters.initialise(1);
      Network network(net, Mode::kTrain, kBatch, engine);
      Optimiser optimiser({.name = name}, net, engine);
      fill(network.input(), random_images(net, kBatch, 2));
      const std::vector<uint8_t> labels = some_labels(kBatch, net.classes, 3);
      const auto step = [&](int images, uint32_t key) {
        network.forward(parameters, images, key);
        network.loss(std::span(labels).first(static_cast<size_t>(images)));
        network.backward(parameters);
        optimiser.step(1e-3, network.gradients(), parameters);
      };
      step(kBatch, 1);
      EXPECT_EQ(allocations_of([&] {
                  step(kBatch, 2);
                  step(kBatch / 2 - 1, 3);  // the last batch of an epoch
                }),
                0)
          << net.name << ", " << threads << " threads, " << name;
    }
  }
}

TEST(TrainingStep, CountingSeesAllocations) {
  EXPECT_EQ(allocations_of([] { const AlignedBuffer<float> buffer(10); }), 1);
  EXPECT_EQ(allocations_of([] { const std::vector<float> values(1000, 1.0f); }), 1);
}

TEST(TrainingStep, AllocatesNothing) {
  for (const SmallNetwork& small : small_networks()) {
    expect_steps_without_allocation(small.architecture());
  }
  expect_steps_without_allocation(zoo_architecture("cnn3"));
}

TEST(Prediction, AllocatesNothing) {
  constexpr int kImages = 37;
  const Architecture net = zoo_architecture("cnn3");
  Parameters parameters(net);
  parameters.initialise(1);
  const std::vector<float> images = random_images(net, kImages, 2);
  std::vector<float> probabilities(kImages * static_cast<size_t>(net.classes));
  for (const int threads : {1, 2}) {
    Engine engine({.threads = threads});
    Classifier classifier(net, engine, 0);
    classifier.update(parameters);
    Classifier::Workspace workspace = classifier.workspace();
    for (const int n : {1, kImages}) {
      EXPECT_EQ(allocations_of([&] { classifier.predict(images.data(), n, probabilities.data()); }),
                0)
          << n << " images, " << threads << " threads";
      EXPECT_EQ(allocations_of(
                    [&] { classifier.predict(images.data(), n, probabilities.data(), workspace); }),
                0)
          << n << " images in a workspace, " << threads << " threads";
    }
  }
}

#else

TEST(TrainingStep, AllocatesNothing) {
  GTEST_SKIP() << "needs glibc's malloc, which sanitizers replace";
}

#endif

}  // namespace
}  // namespace inkling

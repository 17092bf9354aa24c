#include "nn/classifier.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "support/networks.h"

namespace inkling {
namespace {

constexpr int kImages = 37;  // not whole pieces

// A classifier with parameters of its own, and images for it.
struct Fixture {
  explicit Fixture(const SmallNetwork& small)
      : net(small.architecture()), parameters(net), images(random_images(net, kImages, 4)) {
    randomise(parameters, 3);
    classifier.update(parameters);
  }

  std::vector<float> predict() {
    std::vector<float> probabilities(images.size() / net.input.size() *
                                     static_cast<size_t>(net.classes));
    classifier.predict(images.data(), kImages, probabilities.data());
    return probabilities;
  }

  Architecture net;
  Parameters parameters;
  std::vector<float> images;
  Engine engine{{.threads = 2}};
  Classifier classifier{net, engine};
};

TEST(Classifier, ManyThreadsAtOnceGetTheBitsOfOneAlone) {
  for (const SmallNetwork& small : small_networks()) {
    SCOPED_TRACE(small.name);
    Fixture f(small);
    const std::vector<float> alone = f.predict();
    constexpr int kThreads = 6;
    std::vector<std::vector<float>> got(kThreads, std::vector<float>(alone.size()));
    std::vector<std::thread> threads;
    for (std::vector<float>& probabilities : got) {
      threads.emplace_back([&] {
        Classifier::Workspace workspace = f.classifier.workspace();
        for (int repeat = 0; repeat < 3; ++repeat) {
          f.classifier.predict(f.images.data(), kImages, probabilities.data(), workspace);
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    for (const std::vector<float>& probabilities : got) EXPECT_EQ(probabilities, alone);
  }
}

TEST(Classifier, KeepsItsWeightsWhateverBecomesOfTheParameters) {
  Fixture f(small_networks()[0]);
  const std::vector<float> before = f.predict();
  randomise(f.parameters, 5);
  EXPECT_EQ(f.predict(), before);
  f.classifier.update(f.parameters);
  EXPECT_NE(f.predict(), before);
}

}  // namespace
}  // namespace inkling

#include "nn/classifier.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "support/networks.h"

namespace inkling {
namespace {

constexpr int kImages = 37;  // not whole pieces

std::vector<float> bulk(Classifier& classifier, const std::vector<float>& images) {
  std::vector<float> probabilities(kImages *
                                   static_cast<size_t>(classifier.architecture().classes));
  classifier.predict(images.data(), kImages, probabilities.data());
  return probabilities;
}

TEST(Classifier, ManyThreadsAtOnceGetTheBitsOfOneAlone) {
  for (const SmallNetwork& small : small_networks()) {
    SCOPED_TRACE(small.name);
    const Architecture net = small.architecture();
    Parameters parameters(net);
    randomise(parameters, 3);
    const std::vector<float> images = random_images(net, kImages, 4);
    Engine engine({.threads = 2});
    Classifier classifier(net, engine);
    classifier.update(parameters);
    const std::vector<float> alone = bulk(classifier, images);

    constexpr int kThreads = 6;
    std::vector<std::vector<float>> got(kThreads, std::vector<float>(alone.size()));
    std::vector<std::thread> threads;
    for (std::vector<float>& probabilities : got) {
      threads.emplace_back([&] {
        Classifier::Workspace workspace = classifier.workspace();
        for (int repeat = 0; repeat < 3; ++repeat) {
          classifier.predict(images.data(), kImages, probabilities.data(), workspace);
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    for (const std::vector<float>& probabilities : got) EXPECT_EQ(probabilities, alone);
  }
}

TEST(Classifier, KeepsItsWeightsWhateverBecomesOfTheParameters) {
  const Architecture net = small_networks()[0].architecture();
  Parameters parameters(net);
  randomise(parameters, 3);
  const std::vector<float> images = random_images(net, kImages, 4);
  Engine engine({.threads = 1});
  Classifier classifier(net, engine);
  classifier.update(parameters);
  const std::vector<float> before = bulk(classifier, images);
  randomise(parameters, 5);
  EXPECT_EQ(bulk(classifier, images), before);
  classifier.update(parameters);
  EXPECT_NE(bulk(classifier, images), before);
}

}  // namespace
}  // namespace inkling

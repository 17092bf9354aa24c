#include "nn/classifier.h"

#include <gtest/gtest.h>

#include <latch>
#include <thread>
#include <vector>

#include "support/networks.h"

namespace inkling {
namespace {

constexpr int kRagged = 37;  // not whole pieces

// A classifier of a small network with parameters.
struct Fixture {
  explicit Fixture(const SmallNetwork& small) : net(small.architecture()), parameters(net) {
    randomise(parameters, 3);
    classifier.update(parameters);
  }

  std::vector<float> predict(const std::vector<float>& images) {
    std::vector<float> probabilities(kRagged * static_cast<size_t>(net.classes));
    classifier.predict(images.data(), kRagged, probabilities.data());
    return probabilities;
  }

  Architecture net;
  Parameters parameters;
  Engine engine{{.threads = 2}};
  Classifier classifier{net, engine};
};

TEST(Classifier, ManyThreadsAtOnceGetTheBitsOfOneAlone) {
  for (const SmallNetwork& small : small_networks()) {
    SCOPED_TRACE(small.name);
    Fixture f(small);
    constexpr int kThreads = 6;
    std::vector<std::vector<float>> images, alone, got(kThreads);
    for (uint64_t seed = 0; seed < kThreads; ++seed) {
      images.push_back(random_images(f.net, kRagged, seed));
      alone.push_back(f.predict(images.back()));
    }
    std::latch all_there(kThreads);
    std::vector<std::thread> threads;
    for (size_t i = 0; i < kThreads; ++i) {
      threads.emplace_back([&, i] {
        Classifier::Workspace workspace = f.classifier.workspace();
        std::vector<float> probabilities(alone[i].size());
        all_there.arrive_and_wait();
        for (int repeat = 0; repeat < 10; ++repeat) {
          f.classifier.predict(images[i].data(), kRagged, probabilities.data(), workspace);
        }
        got[i] = probabilities;
      });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(got, alone);
  }
}

TEST(Classifier, KeepsItsWeightsWhateverBecomesOfTheParameters) {
  Fixture f(small_networks()[0]);
  const std::vector<float> images = random_images(f.net, kRagged, 4);
  const std::vector<float> before = f.predict(images);
  randomise(f.parameters, 5);
  EXPECT_EQ(f.predict(images), before);
  f.classifier.update(f.parameters);
  EXPECT_NE(f.predict(images), before);
}

}  // namespace
}  // namespace inkling

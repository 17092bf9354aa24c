#include "nn/optim/weight_average.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "support/networks.h"

namespace inkling {
namespace {

TEST(WeightAverage, FollowsEveryNumberByTheDecayOfTheStep) {
  const Architecture net = small_networks()[7].architecture();  // batch norm
  Engine engine({.threads = 2});
  WeightAverage average(0.5, net, engine);
  Parameters parameters(net);
  std::vector<double> wanted(net.parameter_floats);
  for (int step = 1; step <= 30; ++step) {
    randomise(parameters, static_cast<uint64_t>(step));
    average.update(step, parameters);
    const double decay = step == 1 ? 0 : std::min(0.5, (1.0 + step) / (10.0 + step));
    for (size_t i = 0; i < wanted.size(); ++i) {
      wanted[i] = decay * wanted[i] + (1 - decay) * parameters.all()[i];
    }
  }
  for (size_t i = 0; i < wanted.size(); ++i) {
    ASSERT_NEAR(average.parameters().all()[i], wanted[i], 1e-6);
  }
}

TEST(WeightAverage, OfWhatStandsStillIsThat) {
  const Architecture net = small_networks()[0].architecture();
  Engine engine({.threads = 1});
  WeightAverage average(0.999, net, engine);
  Parameters parameters(net);
  randomise(parameters, 1);
  for (int step = 1; step <= 3; ++step) average.update(step, parameters);
  EXPECT_TRUE(std::ranges::equal(average.parameters().all(), parameters.all()));
}

}  // namespace
}  // namespace inkling

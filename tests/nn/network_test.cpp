#include "nn/network.h"

#include <gtest/gtest.h>

#include "support/networks.h"

namespace inkling {
namespace {

TEST(NetworkDeathTest, InferenceIsTheClassifiers) {
  const Architecture net = small_networks()[0].architecture();
  Engine engine({.threads = 1});
  EXPECT_DEATH(Network(net, Mode::kInfer, 1, engine), "kInfer");
}

}  // namespace
}  // namespace inkling

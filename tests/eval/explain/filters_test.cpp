#include "eval/explain/filters.h"

#include <gtest/gtest.h>

#include "nn/architecture/zoo.h"

namespace inkling {
namespace {

TEST(Filters, OfAConvolutionAreItsWindows) {
  const Architecture net = zoo_architecture("cnn3");
  Parameters parameters(net);
  const auto weights = parameters.slot(net.layers[0].weight);  // [3, 3, 1, 32]
  for (size_t i = 0; i < weights.size(); ++i) weights[i] = static_cast<float>(i);
  const Filters filters = first_layer_filters(net, parameters);
  EXPECT_TRUE(filters.convolution);
  EXPECT_EQ(filters.height, 3);
  EXPECT_EQ(filters.width, 3);
  EXPECT_EQ(filters.channels, 1);
  ASSERT_EQ(filters.weights.size(), 32u);
  EXPECT_EQ(filters.weights[5], (std::vector<float>{5, 37, 69, 101, 133, 165, 197, 229, 261}));
}

TEST(Filters, OfADenseLayerAreAPictureAClass) {
  const Architecture net = zoo_architecture("logistic");
  Parameters parameters(net);
  const auto weights = parameters.slot(net.layers.back().weight);  // [784, 10]
  for (size_t i = 0; i < weights.size(); ++i) weights[i] = static_cast<float>(i);
  const Filters filters = first_layer_filters(net, parameters);
  EXPECT_FALSE(filters.convolution);
  EXPECT_EQ(filters.height, 28);
  EXPECT_EQ(filters.width, 28);
  ASSERT_EQ(filters.weights.size(), 10u);
  ASSERT_EQ(filters.weights[3].size(), 784u);
  EXPECT_EQ(filters.weights[3][100], 1003);
}

}  // namespace
}  // namespace inkling

#include "eval/explain/feature_space.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"
#include "eval/predict.h"
#include "support/drawn_dataset.h"
#include "support/networks.h"
#include "support/reference_network.h"

namespace inkling {
namespace {

TEST(Features, AreWhatTheLastLayerReads) {
  const Architecture net =
      SmallNetwork{"small", "[8, 8, 1]",
                   R"({type="conv", filters=3, kernel=3, padding="same"}, {type="relu"},
                      {type="flatten"}, {type="dense", units=6}, {type="relu"},
                      {type="dropout", rate=0.5}, {type="dense", units=3})"}
          .architecture();
  Parameters parameters(net);
  randomise(parameters, 8);
  Engine engine({.threads = 2});
  Probe probe(net, parameters, engine);
  const Dataset dataset = drawn_dataset({.images = 150, .classes = 3, .side = 8});
  std::vector<uint32_t> indices;  // more than one forward holds, in an order of their own
  for (uint32_t i = 0; i < 100; ++i) indices.push_back(i * 7 % 150);
  const PixelStatistics statistics{.mean = 0.3, .sd = 0.4};
  const Features features = penultimate_features(probe, dataset, indices, statistics);
  ASSERT_EQ(features.dims, 6u);
  ASSERT_EQ(features.rows(), 100u);
  std::vector<double> x, p(parameters.all().begin(), parameters.all().end());
  for (const uint32_t index : indices) {
    for (const uint8_t v : dataset.image(index)) x.push_back((v / 255.0 - 0.3) / 0.4);
  }
  ReferenceNetwork<double> reference(net, Mode::kProbe);
  reference.forward(x, p, 100);
  for (size_t i = 0; i < features.values.size(); ++i) {
    ASSERT_NEAR(features.values[i], reference.activation(4)[i], 1e-4);
  }
}

TEST(FeatureMap, LaysOutTheDirectionsOfMostVariance) {
  // Along (3, 4, 0) / 5 with deviation 10, along z with 1, nothing else.
  Features features{.dims = 3, .values = {}};
  std::vector<std::array<double, 2>> drawn;
  Random random(4);
  for (int i = 0; i < 400; ++i) {
    const double a = 10 * random.normal(), z = random.normal();
    drawn.push_back({a, z});
    for (const double v : {5 + 0.6 * a, -2 + 0.8 * a, z}) {
      features.values.push_back(static_cast<float>(v));
    }
  }
  const FeatureMap map = flat_map(features);
  double mean_a = 0, mean_z = 0;
  for (const auto& [a, z] : drawn) {
    mean_a += a / 400;
    mean_z += z / 400;
  }
  // The draws themselves are a little correlated.
  for (size_t i = 0; i < drawn.size(); ++i) {
    EXPECT_NEAR(std::abs(map.points[i][0]), std::abs(drawn[i][0] - mean_a), 0.2);
    EXPECT_NEAR(std::abs(map.points[i][1]), std::abs(drawn[i][1] - mean_z), 0.2);
  }
  EXPECT_NEAR(map.variance[0], 0.99, 0.005);
  EXPECT_NEAR(map.variance[0] + map.variance[1], 1, 1e-6);
}

TEST(FeatureMap, OfNothingAndOfOneNumberAnImageIsSound) {
  EXPECT_TRUE(flat_map({.dims = 5, .values = {}}).points.empty());
  const FeatureMap map = flat_map({.dims = 1, .values = {1, 3}});
  EXPECT_FLOAT_EQ(std::abs(map.points[0][0]), 1);
  EXPECT_EQ(map.points[0][1], 0);
  EXPECT_EQ(flat_map({.dims = 2, .values = {1, 1, 1, 1}}).variance[0], 0);
}

TEST(NearestNeighbours, AgreeWithLookingAtAll) {
  Random random(9);
  Features queries{.dims = 19, .values = {}}, among = queries;
  for (int i = 0; i < 19 * 7; ++i) queries.values.push_back(float(random.normal()));
  for (int i = 0; i < 19 * 50; ++i) among.values.push_back(float(random.normal()));
  ThreadPool pool(2);
  const auto found = nearest_neighbours(queries, among, 4, pool);
  for (size_t q = 0; q < 7; ++q) {
    std::vector<std::pair<double, uint32_t>> all;
    for (uint32_t i = 0; i < 50; ++i) {
      double sum = 0;
      for (size_t d = 0; d < 19; ++d) {
        sum += std::pow(double{queries.row(q)[d]} - among.row(i)[d], 2);
      }
      all.emplace_back(std::sqrt(sum), i);
    }
    std::sort(all.begin(), all.end());
    ASSERT_EQ(found[q].size(), 4u);
    for (size_t k = 0; k < 4; ++k) {
      EXPECT_EQ(found[q][k].row, all[k].second);
      EXPECT_NEAR(found[q][k].distance, all[k].first, 1e-4);
    }
  }
}

TEST(NearestNeighbours, EqualOnesComeInOrder) {
  ThreadPool pool(1);
  const auto found = nearest_neighbours({.dims = 1, .values = {0}},
                                        {.dims = 1, .values = {2, -1, 1, -1}}, 3, pool);
  EXPECT_EQ(found[0][0].row, 1u);
  EXPECT_EQ(found[0][1].row, 2u);
  EXPECT_EQ(found[0][2].row, 3u);
}

}  // namespace
}  // namespace inkling

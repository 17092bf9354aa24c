#include "eval/explain/feature_space.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/check.h"
#include "base/index.h"
#include "data/batches.h"
#include "data/quality/principal_directions.h"
#include "eval/predict.h"

namespace inkling {
namespace {

// Squared distance in eight sums, which the compiler keeps in one vector.
float squared_distance(const float* a, const float* b, size_t dims) {
  constexpr size_t kLanes = 8;
  std::array<float, kLanes> sums{};
  size_t d = 0;
  for (; d + kLanes <= dims; d += kLanes) {
    for (size_t lane = 0; lane < kLanes; ++lane) {
      const float off = a[d + lane] - b[d + lane];
      sums[lane] += off * off;
    }
  }
  float sum = 0;
  for (; d < dims; ++d) sum += (a[d] - b[d]) * (a[d] - b[d]);
  for (const float each : sums) sum += each;
  return sum;
}

// What gives the logits; of an ensemble, its first member's.
const Layer& first_head(const Architecture& net) {
  const std::vector<int> heads = net.logit_layers();
  return heads.empty() ? net.layers.back() : at(net.layers, heads[0]);
}

}  // namespace

Features penultimate_features(Probe& probe, const Dataset& dataset,
                              std::span<const uint32_t> indices,
                              const PixelStatistics& statistics) {
  const Architecture& net = probe.architecture();
  expect_fit(net, dataset);
  const Layer& head = first_head(net);
  const BatchAssembler assembler(dataset, statistics);
  std::vector<float> x(net.input.size() * Probe::kMaxImages);
  Features features{.dims = head.in.size(), .values = {}};
  features.values.reserve(features.dims * indices.size());
  while (!indices.empty()) {
    const auto batch = indices.first(std::min<size_t>(Probe::kMaxImages, indices.size()));
    indices = indices.subspan(batch.size());
    assembler.assemble(batch, x.data());
    probe.forward(x.data(), count_of(batch));
    for (int i = 0; i < count_of(batch); ++i) {
      append_image(probe.activation(head.input), i, features.values);
    }
  }
  return features;
}

FeatureMap flat_map(const Features& features) {
  FeatureMap map;
  map.points.resize(features.rows());
  if (features.rows() == 0) return map;
  const double n = narrow<int>(features.rows());
  std::vector<const float*> rows;
  std::vector<double> mean(features.dims);
  for (size_t i = 0; i < features.rows(); ++i) {
    rows.push_back(features.row(i).data());
    for (size_t d = 0; d < features.dims; ++d) mean[d] += rows[i][d] / n;
  }
  const size_t count = std::min<size_t>(2, features.dims);
  const std::vector<float> directions = principal_directions(rows, features.dims, count);
  double total = 0;
  std::array<double, 2> along{};
  for (size_t i = 0; i < rows.size(); ++i) {
    std::array<double, 2> point{};
    for (size_t d = 0; d < features.dims; ++d) {
      const double off = rows[i][d] - mean[d];
      total += off * off;
      for (size_t k = 0; k < count; ++k) point[k] += off * directions[k * features.dims + d];
    }
    for (size_t k = 0; k < 2; ++k) {
      along[k] += point[k] * point[k];
      map.points[i][k] = static_cast<float>(point[k]);
    }
  }
  for (size_t k = 0; k < 2; ++k) map.variance[k] = total > 0 ? along[k] / total : 0;
  return map;
}

std::vector<std::vector<Neighbour>> nearest_neighbours(const Features& queries,
                                                       const Features& among, int k,
                                                       ThreadPool& pool) {
  INKLING_CHECK(queries.dims == among.dims && k >= 0 && std::cmp_less_equal(k, among.rows()));
  const auto closer = [](const Neighbour& a, const Neighbour& b) {
    return a.distance != b.distance ? a.distance < b.distance : a.row < b.row;
  };
  std::vector<std::vector<Neighbour>> found(queries.rows());
  pool.run(narrow<int>(queries.rows()), [&](int query) {
    const float* from = queries.row(narrow<size_t>(query)).data();
    std::vector<Neighbour> all;
    all.reserve(among.rows());
    for (uint32_t i = 0; i < among.rows(); ++i) {
      all.push_back({i, std::sqrt(squared_distance(from, among.row(i).data(), among.dims))});
    }
    std::partial_sort(all.begin(), all.begin() + k, all.end(), closer);
    all.resize(narrow<size_t>(k));
    at(found, query) = std::move(all);
  });
  return found;
}

}  // namespace inkling

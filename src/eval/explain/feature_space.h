// What the last layer sees: the penultimate activations of a set of images, a flat map of them, and
// nearest neighbours in them.
//
//   Features train = penultimate_features(probe, dataset, indices, statistics);
//   FeatureMap map = flat_map(test);
//   auto near = nearest_neighbours(mistakes, train, 5, engine.pool());
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "base/threads.h"
#include "data/dataset.h"
#include "data/pixel_statistics.h"
#include "eval/explain/probe.h"

namespace inkling {

struct Features {
  size_t dims = 0;
  std::vector<float> values;  // [rows, dims]

  size_t rows() const { return dims == 0 ? 0 : values.size() / dims; }
  std::span<const float> row(size_t i) const { return {values.data() + i * dims, dims}; }
};

// What the network's last layer reads, an image a row, in the order of `indices`. Of a network with
// one layer these are the normalised pixels.
Features penultimate_features(Probe& probe, const Dataset& dataset,
                              std::span<const uint32_t> indices, const PixelStatistics& statistics);

// The two directions of largest variance (principal components).
struct FeatureMap {
  std::vector<std::array<float, 2>> points;  // [rows], centred
  std::array<double, 2> variance{};          // fraction of all variance along each
};
FeatureMap flat_map(const Features& features);

struct Neighbour {
  uint32_t row = 0;    // in `among`
  float distance = 0;  // Euclidean
};

// Of each row of `queries` the k rows of `among` next to it, nearest first, lower rows first among
// equals. The caller owes the same dims and k of at most among.rows(), and one call at a time on a
// pool.
std::vector<std::vector<Neighbour>> nearest_neighbours(const Features& queries,
                                                       const Features& among, int k,
                                                       ThreadPool& pool);

}  // namespace inkling

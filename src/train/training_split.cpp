#include "train/training_split.h"

#include <vector>

namespace inkling {

SplitIndices training_split(const Recipe& recipe, const Dataset& train) {
  expect_labels(train);
  SplitIndices split =
      stratified_split(train.labels, train.classes, recipe.val_fraction, recipe.seed);
  const size_t limit = static_cast<size_t>(recipe.limit);
  if (limit == 0 || limit >= split.train.size()) return split;
  // The fraction of the training images that makes `limit`, class by class.
  std::vector<uint8_t> labels;
  for (const uint32_t index : split.train) labels.push_back(train.labels[index]);
  const double fraction = static_cast<double>(limit) / static_cast<double>(labels.size());
  std::vector<uint32_t> kept;
  for (const uint32_t at :
       stratified_split(labels, train.classes, fraction, recipe.seed).validation) {
    kept.push_back(split.train[at]);
  }
  split.train = std::move(kept);
  return split;
}

}  // namespace inkling

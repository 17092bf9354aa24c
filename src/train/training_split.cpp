#include "train/training_split.h"

#include <vector>

#include "base/index.h"

namespace inkling {

SplitIndices training_split(const Recipe& recipe, const Dataset& train) {
  expect_labels(train);
  SplitIndices split =
      stratified_split(train.labels, train.classes, recipe.val_fraction, recipe.seed);
  const int limit = recipe.limit;
  if (limit == 0 || limit >= count_of(split.train)) return split;
  // The fraction of the training images that makes `limit`, class by class.
  std::vector<uint8_t> labels;
  for (const uint32_t index : split.train) labels.push_back(train.labels[index]);
  const double fraction = 1.0 * limit / count_of(labels);
  std::vector<uint32_t> kept;
  for (const uint32_t i :
       stratified_split(labels, train.classes, fraction, recipe.seed).validation) {
    kept.push_back(split.train[i]);
  }
  split.train = std::move(kept);
  return split;
}

}  // namespace inkling

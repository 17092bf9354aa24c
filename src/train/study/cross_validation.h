// Every image predicted by a model that was not trained on it: k-fold training of a small network.
// For finding suspect labels, which a model that memorised them cannot; not for choosing recipes.
//
//   CrossValidation found = cross_validate(train, &test, {}, engine, progress);
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "data/dataset.h"
#include "nn/architecture/architecture.h"
#include "nn/engine.h"

namespace inkling {

// Chosen on MNIST's training split; the time for 70,000 images is the limit (docs/journal.md).
struct CrossValidationOptions {
  int folds = 3;
  int epochs = 0;  // 0: so that each network sees 200,000 images, from 3 to 20
  int batch = 64;  // images
  double lr = 3e-3;
  uint64_t seed = 1;
};

struct CrossValidation {
  std::vector<float> train;     // [train images, classes] probabilities, out of fold
  std::vector<float> held_out;  // [held-out images, classes]: mean of the folds' models
  double train_seconds = 0;     // training alone
};

struct CrossValidationProgress {
  int fold = 0, folds = 0;  // fold from 1
  double fraction = 0;      // of all the work, 0 … 1
};

// Two strided convolutions and two dense layers, small and quick: 98.8 % accuracy on MNIST's
// training images, out of fold. Fits images of any size.
Architecture quick_network(const Shape& images, int classes);

// Trains `folds` quick networks on stratified folds. `held_out`, of the same image size and
// classes, may be null. Deterministic in the seed, as every training. Throws Error if a fold would
// be left without images (usage) or the loss diverges. `progress` is called after each step, by the
// calling thread, and may throw to end the work.
CrossValidation cross_validate(const Dataset& train, const Dataset* held_out,
                               const CrossValidationOptions& options, Engine& engine,
                               const std::function<void(const CrossValidationProgress&)>& progress);

}  // namespace inkling

// One training from data to run folder: what `train` does once and `pipeline` twice.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "data/dataset.h"
#include "eval/metrics.h"
#include "nn/engine.h"
#include "train/recipe.h"
#include "train/trainer.h"

namespace inkling {

struct TrainingJob {
  Recipe recipe;
  std::filesystem::path out;  // the run folder
  int limit = 0;              // use only this many training images, drawn by class; 0: all
};

struct TrainingOutcome {
  TrainingResult result;
  std::optional<Metrics> validation;  // of the weights kept; none without validation images
  size_t parameters = 0;
  double flops = 0;
};

// Zoo name or network file. Throws Error if it is neither.
Architecture find_architecture(const std::string& model);

// Trains on the data set's training split and leaves the run folder complete. Opens no test file.
TrainingOutcome run_training(const TrainingJob& job, const Dataset& train, Engine& engine);

// Judges a run's model on the data set's test split and writes metrics-test.json into the run.
Metrics judge_run(const std::filesystem::path& run, const Dataset& test, Engine& engine);

}  // namespace inkling

// One training from data to run folder: what `train` does once, and `train --seeds`, `sweep` and
// `pipeline` several times.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "data/dataset.h"
#include "eval/metrics/metrics.h"
#include "nn/engine.h"
#include "train/recipe/recipe.h"
#include "train/trainer.h"

namespace inkling {

struct TrainingJob {
  Recipe recipe;
  std::filesystem::path out;  // the run folder
  bool resume = false;        // go on with the run in it, where there is one
};

struct TrainingOutcome {
  bool finished_before = false;  // there was nothing left to do; the rest is then empty
  TrainingResult result;
  std::optional<Metrics> validation;  // of the weights kept; none without validation images
  size_t parameters = 0;
  double flops = 0;
};

// Zoo name, network file, or a trained model (run folder or file). Throws Error if it is none.
Architecture find_architecture(const std::string& model);

// Trains on the data set's training split and leaves the run folder complete. Opens no test file.
// Throws Error where another process trains into the folder.
// Resuming throws Error (usage) naming the field in which the run's recipe is another; what is
// trained then has the bits of a run never stopped.
TrainingOutcome run_training(const TrainingJob& job, const Dataset& train, Engine& engine);

// Judges a run's model on the data set's test split and writes metrics-test.json into the run.
Metrics evaluate_run(const std::filesystem::path& run, const Dataset& test, Engine& engine);

}  // namespace inkling

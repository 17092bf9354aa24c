// One training, from images to a run folder: `train` does it once; seeds, sweep and pipeline do it
// several times.
//
//   TrainOutcome trained = train_run({.recipe = recipe, .out = "runs/a"}, images, engine,
//   observer); trained.validation->metrics.accuracy;
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>

#include "data/dataset.h"
#include "data/sources/image_source.h"
#include "eval/metrics/metrics.h"
#include "eval/predict.h"
#include "jobs/observer.h"
#include "nn/engine.h"
#include "nn/model.h"
#include "train/recipe/recipe.h"
#include "train/trainer.h"

namespace inkling {

struct TrainRequest {
  Recipe recipe;
  std::filesystem::path out;  // the run folder
  bool resume = false;        // continue the run in it, if there is one
};

struct EvaluatedSplit {
  Predictions predictions;
  Metrics metrics;
};

struct TrainOutcome {
  bool finished_before = false;  // nothing was left to do; the rest is then empty
  TrainingResult result;
  std::optional<Model> model;                // with the weights kept
  std::optional<EvaluatedSplit> validation;  // of those weights; none without validation images
};

// The images a recipe trains on: pictures as its `init` model takes them, if it names one
// (load_images.h), else scaled to the network's input. Throws Error as load_images and find_model
// do.
Dataset training_images(const Recipe& recipe, const ImageSource& images, const Architecture& net,
                        ThreadPool& pool, JobObserver& observer);

// Trains on the dataset's training split and leaves the run folder complete, also if the observer
// cancels: the result is then marked interrupted. Opens no test file. A resumed run gives results
// bit-identical to one never stopped. Throws Error if another process is training into the folder;
// (usage) if the run to resume has a different recipe, naming the field. Threads: observer.h.
TrainOutcome train_run(const TrainRequest& request, const Dataset& train, Engine& engine,
                       JobObserver& observer);

// Throws Error as predictions_of does.
EvaluatedSplit evaluate_split(const Model& model, const Dataset& dataset,
                              std::span<const uint32_t> indices, Engine& engine);

// Evaluates a run on the test split and writes metrics-test.json into its folder: the outcome's
// model or, if the run was finished before, the one in the folder.
EvaluatedSplit evaluate_on_test(const std::filesystem::path& run, const TrainOutcome& outcome,
                                const Dataset& test, Engine& engine);
// Whether that was done.
bool was_evaluated_on_test(const std::filesystem::path& run);

}  // namespace inkling

#include "cli/training_job.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstdio>

#include <nlohmann/json.hpp>

#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "cli/progress.h"
#include "cli/shared_options.h"
#include "data/pixel_statistics.h"
#include "data/split.h"
#include "eval/predictions.h"
#include "nn/zoo.h"
#include "train/run_folder.h"

namespace inkling {

Architecture find_architecture(const std::string& model) {
  const bool is_file = model.ends_with(".toml") || model.find('/') != std::string::npos;
  return is_file ? parse_architecture(read_text_file(model), model) : zoo_architecture(model);
}

TrainingOutcome run_training(const TrainingJob& job, const Dataset& train, Engine& engine) {
  const Recipe& recipe = job.recipe;
  Architecture architecture = find_architecture(recipe.model);
  expect_fit(architecture, train);
  SplitIndices split =
      stratified_split(train.labels, train.classes, recipe.val_fraction, recipe.seed);
  if (job.limit > 0 && static_cast<size_t>(job.limit) < split.train.size()) {
    // The share of the training images that makes `limit`, class by class.
    std::vector<uint8_t> labels;
    for (const uint32_t index : split.train) labels.push_back(train.labels[index]);
    const double share = static_cast<double>(job.limit) / static_cast<double>(labels.size());
    std::vector<uint32_t> kept;
    for (const uint32_t at :
         stratified_split(labels, train.classes, share, recipe.seed).validation) {
      kept.push_back(split.train[at]);
    }
    split.train = std::move(kept);
  }
  const PixelStatistics pixels = pixel_statistics(train, split.train);
  Model model(std::move(architecture), pixels.mean, pixels.sd);
  model.class_names = train.class_names;
  // A network may know more classes than this data set has.
  for (int c = train.classes; c < model.net->classes; ++c) {
    model.class_names.push_back(std::to_string(c));
  }
  if (recipe.files.empty()) {
    model.notes["dataset"] = recipe.dataset;
  } else {
    model.notes.insert(recipe.files.begin(), recipe.files.end());
  }
  model.parameters.initialise(recipe.seed);

  const RunFolder run = RunFolder::create(job.out);
  run.write_recipe(recipe_toml(recipe, engine.kernels().name, engine.precision()));
  Trainer trainer(recipe, model, train, split, engine);
  TrainingDisplay display(model.net->name);
  TrainingObserver observer = display.observer();
  const auto show_epoch = observer.epoch;
  observer.epoch = [&](const EpochRecord& record) {
    run.add_epoch(record);
    show_epoch(record);
  };
  TrainingOutcome outcome;
  outcome.result = trainer.run(observer);
  run.save(model);
  outcome.parameters = model.net->parameter_count();
  outcome.flops = model.net->flops();
  nlohmann::json document;
  if (!split.validation.empty()) {
    const Stopwatch watch;
    outcome.validation = evaluate_model(model, train, split.validation, engine);
    document =
        metrics_document(*outcome.validation, model, recipe.dataset, "validation", watch.seconds());
  }
  add_training(document, outcome.result);
  run.write_metrics(document, false);
  return outcome;
}

Metrics judge_run(const std::filesystem::path& run, const Dataset& test, Engine& engine) {
  const std::filesystem::path file = run / "model.safetensors";
  const Model model = load_model(file);
  const Stopwatch watch;
  const Metrics metrics = evaluate_model(model, test, all_indices(test.size()), engine);
  write_json(run / "metrics-test.json",
             metrics_document(metrics, model, test.name, "test", watch.seconds()));
  return metrics;
}

}  // namespace inkling

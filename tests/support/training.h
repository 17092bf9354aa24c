// One training of a small network on drawn pictures, with all it needs and what it said.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "data/pixel_statistics.h"
#include "eval/normalisation.h"
#include "eval/predict.h"
#include "store/model_file.h"
#include "store/weights_hash.h"
#include "support/drawn_dataset.h"
#include "train/trainer.h"

namespace inkling {

// Every layer whose sums could depend on the order of work, and dropout.
inline constexpr const char* kConvNet = R"(
name = "small"
input = [8, 8, 1]
classes = 4
layers = [
  { type = "conv", filters = 6, kernel = 3, padding = "same" },
  { type = "batch_norm" },
  { type = "relu" },
  { type = "max_pool", window = 2 },
  { type = "flatten" },
  { type = "dense", units = 16 },
  { type = "relu" },
  { type = "dropout", rate = 0.3 },
  { type = "dense", units = 4 },
])";

// Learns by heart what cannot be learnt.
inline constexpr const char* kWideNet = R"(
name = "wide"
input = [8, 8, 1]
classes = 4
layers = [
  { type = "flatten" },
  { type = "dense", units = 64 },
  { type = "relu" },
  { type = "dense", units = 4 },
])";

// What of a recipe the tests vary. Recipe itself, with its strings, written as a temporary makes
// GCC 12 warn of uninitialised memory.
struct Settings {
  int epochs = 10, batch = 128;
  double lr = 1e-3;
  const char* schedule = "constant";
  const char* optimiser = "adam";
  uint64_t seed = 1;
  double val_fraction = 0.1;
  int patience = 0;
  const char* val_metric = "accuracy";
  const char* keep = "best";
  double label_smoothing = 0, ema = 0;

  Recipe recipe() const {
    Recipe recipe;
    recipe.epochs = epochs;
    recipe.batch = batch;
    recipe.lr = lr;
    recipe.schedule.name = schedule;
    recipe.optimiser.name = optimiser;
    recipe.seed = seed;
    recipe.val_fraction = val_fraction;
    recipe.patience = patience;
    recipe.val_metric = val_metric;
    recipe.keep = keep;
    recipe.label_smoothing = label_smoothing;
    recipe.ema = ema;
    return recipe;
  }
};

// One training, with all it needs and what it said.
struct Training {
  Training(const Dataset& dataset, const Settings& settings, const char* network,
           EngineOptions options)
      : data(dataset),
        recipe(settings.recipe()),
        engine(std::make_unique<Engine>(options)),
        split(stratified_split(data.labels, data.classes, recipe.val_fraction, recipe.seed)),
        pixels(pixel_statistics(data, split.train)),
        model(parse_architecture(network, "net"), normalisation_of(pixels)) {
    model.class_names = data.class_names;
    model.parameters.initialise(recipe.seed);
  }
  void run() {
    Trainer trainer(recipe, model, data, split, *engine, teacher);
    run(trainer);
  }
  void run(Trainer& trainer, std::function<void(const Trainer&)> between_epochs = {}) {
    result = trainer.run({.now = [watch = Stopwatch()] { return watch.seconds(); },
                          .progress = [&](const TrainingProgress& p) { progress.push_back(p); },
                          .between_epochs = std::move(between_epochs),
                          .epoch = [&](const EpochRecord& record) { epochs.push_back(record); }});
  }
  std::string sha256() const { return weights_sha256(tensors_of(*model.net, model.parameters)); }
  Metrics evaluate(std::span<const uint32_t> indices) {
    return evaluate_model(model, data, indices, *engine);
  }

  Dataset data;
  Recipe recipe;
  std::unique_ptr<Engine> engine;
  SplitIndices split;
  PixelStatistics pixels;
  Model model;
  const Model* teacher = nullptr;
  TrainingResult result;
  std::vector<TrainingProgress> progress;
  std::vector<EpochRecord> epochs;
};

inline Training training(const Settings& settings, const Drawing& drawing = {},
                         const char* network = kConvNet,
                         const EngineOptions& options = {.threads = 2}) {
  return Training(drawn_dataset(drawing), settings, network, options);
}

inline Training trained(const Settings& settings, const Drawing& drawing = {},
                        const char* network = kConvNet,
                        const EngineOptions& options = {.threads = 2}) {
  Training t = training(settings, drawing, network, options);
  t.run();
  return t;
}

}  // namespace inkling

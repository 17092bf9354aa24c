// The training loop. Not files (run_folder.h), not words (cli).
//
//   Trainer trainer(recipe, model, train_set, split, engine);
//   TrainingResult result = trainer.run(observer);   // model.parameters are then the best epoch's
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "data/augment.h"
#include "data/batches.h"
#include "data/dataset.h"
#include "data/split.h"
#include "eval/metrics.h"
#include "nn/network.h"
#include "nn/optimiser.h"
#include "store/model_file.h"
#include "train/recipe.h"

namespace inkling {

// One line of history.jsonl.
struct EpochRecord {
  int epoch = 0;                              // from 1
  double lr = 0;                              // at the epoch's last step
  double train_loss = 0, train_accuracy = 0;  // over the epoch, as the weights moved, dropout on
  double val_loss = 0, val_accuracy = 0;      // NaN without validation images
  double seconds = 0;                         // training alone
  double images_per_second = 0;
};

struct TrainingProgress {
  int epoch = 0, epochs = 0;
  size_t images_done = 0, images = 0;              // of this epoch
  double images_per_second = 0, seconds_left = 0;  // left: of the whole training
  double loss = 0;                                 // mean of the epoch so far
};

// Told what happens, from the training thread.
struct TrainingObserver {
  std::function<void(const TrainingProgress&)> progress;  // after each step
  std::function<void(const EpochRecord&)> epoch;
};

struct TrainingResult {
  std::vector<EpochRecord> history;
  int best_epoch = 0;        // whose weights were kept; 0: interrupted in the first
  double train_seconds = 0;  // training alone
  double images_per_second = 0;
  bool interrupted = false;
  bool stopped_early = false;
};

class Trainer {
 public:
  // Everything referred to must outlive the trainer. Throws Error if network and data do not fit,
  // or if there is nothing to train on.
  Trainer(const Recipe& recipe, Model& model, const Dataset& dataset, const SplitIndices& split,
          Engine& engine);

  // Leaves in the model the weights of the best epoch by validation, or of the last one without
  // validation images. Ctrl-C ends it after the step at hand. Throws Error if the loss is no longer
  // finite.
  TrainingResult run(const TrainingObserver& observer);

 private:
  EpochRecord train_epoch(int epoch, const TrainingObserver& observer);
  void load(std::span<const uint32_t> indices, int epoch);
  void validate(EpochRecord& record);
  bool improves(const EpochRecord& record) const;

  const Recipe& recipe_;
  Model& model_;
  const Dataset& dataset_;
  const SplitIndices& split_;
  Engine& engine_;
  BatchAssembler assembler_;
  Augmenter augmenter_;
  Network network_;
  Classifier classifier_;
  Optimiser optimiser_;
  std::vector<uint8_t> labels_;
  int64_t steps_ = 0;
  double train_seconds_ = 0;
  EpochRecord best_;
};

// The metrics of a model on chosen images.
Metrics evaluate_model(const Model& model, const Dataset& dataset,
                       std::span<const uint32_t> indices, Engine& engine);

}  // namespace inkling

// The training loop. It reads no files (run/run_folder.h), no signals and no clock: its observer
// says whether to stop and what time it is.
//
//   Trainer trainer(recipe, model, train_set, split, engine);
//   TrainingResult result = trainer.run({.now = [&] { return stopwatch.seconds(); }});
//   // model.parameters are now the weights kept
//
// To resume another process's training, restore its checkpoint before run:
//
//   trainer.restore(parse_checkpoint(bytes, "state.safetensors"));
//
// One thread at a time may use a trainer, its model and its engine.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "base/index.h"
#include "data/augment/augment.h"
#include "data/batches.h"
#include "data/dataset.h"
#include "data/split.h"
#include "eval/metrics/metrics.h"
#include "nn/classifier.h"
#include "nn/model.h"
#include "nn/network.h"
#include "nn/optim/optimiser.h"
#include "nn/optim/weight_average.h"
#include "train/checkpoint.h"
#include "train/recipe/recipe.h"
#include "train/teacher.h"

namespace inkling {

struct TrainingProgress {
  int epoch = 0, epochs = 0;
  int images_done = 0, images = 0;                 // of this epoch
  double images_per_second = 0, seconds_left = 0;  // left: of the whole training
  double loss = 0;                                 // mean of the epoch so far
};

class Trainer;

// Asked and told by the thread that called Trainer::run. `now` must be set, the rest may be empty.
// What they throw leaves run.
struct TrainingObserver {
  // Seconds on a clock that never runs backwards; only differences count.
  std::function<double()> now;
  std::function<bool()> stop;  // asked after each step; true ends the training
  std::function<void(const TrainingProgress&)> progress;  // after each step
  // After each epoch, before `epoch`; `trainer` has the weights.
  std::function<void(const Trainer& trainer)> between_epochs;
  std::function<void(const EpochRecord&)> epoch;
};

struct TrainingResult {
  std::vector<EpochRecord> history;
  int best_epoch = 0;        // whose weights were kept; 0: interrupted in the first epoch
  double train_seconds = 0;  // training alone
  double images_per_second = 0;
  bool interrupted = false;
  bool stopped_early = false;
};

class Trainer {
 public:
  // Everything referred to must outlive the trainer. `teacher`: the recipe's, if it has one.
  // Throws Error if network, teacher and data do not fit, or if there is nothing to train on.
  Trainer(const Recipe& recipe, Model& model, const Dataset& dataset, const SplitIndices& split,
          Engine& engine, const Model* teacher = nullptr);

  // Leaves in the model the weights to keep: of the best epoch by validation, or of the last if the
  // recipe says so or there are no validation images; averaged if the recipe says so. Throws Error
  // if the loss or the weights are no longer finite.
  TrainingResult run(const TrainingObserver& observer);

  // Between epochs: everything needed to resume with bit-identical results.
  Checkpoint checkpoint() const;
  // Throws Error (input) if it is of another network, optimiser or data.
  void restore(const Checkpoint& checkpoint);

  int epochs_done() const { return count_of(history_); }
  // Whether the weights to keep are those of the last epoch.
  bool kept_last() const { return kept_epoch_ == epochs_done(); }
  std::span<const float> kept_weights() const { return {kept_.data(), kept_.size()}; }

 private:
  EpochRecord train_epoch(int epoch, const TrainingObserver& observer);
  void load(std::span<const uint32_t> indices, int epoch);
  LossResult loss(int images);
  void validate(EpochRecord& record);
  void expect_sound_weights(const EpochRecord& record);
  bool improves(const EpochRecord& record) const;
  void keep(const EpochRecord& record);
  bool out_of_patience() const;
  // What is evaluated and kept: the weights, or their average.
  Parameters& result_weights();

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
  std::optional<WeightAverage> average_;
  std::optional<Teacher> teacher_;
  std::vector<uint8_t> labels_;  // of the batch
  AlignedBuffer<float> kept_;    // [parameter_floats]
  int64_t steps_ = 0;
  double train_seconds_ = 0;
  std::vector<EpochRecord> history_;
  EpochRecord best_;  // by the validation metric; epoch 0: none yet
  int kept_epoch_ = 0;
};

}  // namespace inkling

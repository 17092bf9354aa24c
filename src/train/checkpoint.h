// A training between two epochs: all that the next one needs to go on as if nothing had happened,
// and the weights worth keeping so far. One safetensors file, the counters and records as JSON in
// its metadata, replaced in one rename: a reader finds the old one or the new one, whole. Not the
// run's other files (run_folder.h).
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

namespace inkling {

// One line of history.jsonl.
struct EpochRecord {
  int epoch = 0;                              // from 1
  double lr = 0;                              // at the epoch's last step
  double train_loss = 0, train_accuracy = 0;  // over the epoch, as the weights moved, dropout on
  double val_loss = 0, val_accuracy = 0;      // NaN without validation images
  double val_macro_f1 = 0;                    // likewise
  double seconds = 0;                         // training alone
  double images_per_second = 0;
};

struct Checkpoint {
  int64_t steps = 0;  // taken so far
  double train_seconds = 0;
  int best_epoch = 0;  // by the validation metric
  std::vector<EpochRecord> history;
  // What it was trained on, to notice other data: images and their mean and deviation.
  uint64_t images = 0;
  double mean = 0, sd = 0;

  std::vector<float> weights;                 // [parameter_floats] after the last epoch
  std::vector<float> kept;                    // [parameter_floats], of the best epoch or the last
  std::vector<float> average;                 // [parameter_floats], or none without an average
  std::vector<std::vector<float>> optimiser;  // Optimiser::state
};

// Atomic. Throws Error (system) where the disk refuses; what was there before then stays.
void save_checkpoint(const std::filesystem::path& path, const Checkpoint& checkpoint);

// Nothing where there is no such file. Throws Error naming the file if it is no checkpoint.
std::optional<Checkpoint> load_checkpoint(const std::filesystem::path& path);

}  // namespace inkling

// A training between two epochs: everything the next epoch needs to continue with bit-identical
// results, and the best weights so far; as a value and as bytes. Not files (run/checkpoint_file.h).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "train/epoch_record.h"

namespace inkling {

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

// One safetensors file, the counters and records as JSON in its metadata.
std::vector<uint8_t> checkpoint_bytes(const Checkpoint& checkpoint);

// Throws Error (input) naming `source` if the bytes are not a checkpoint.
Checkpoint parse_checkpoint(std::span<const uint8_t> bytes, const std::string& source);

}  // namespace inkling

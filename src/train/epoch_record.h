// What is known of a finished epoch of training, and that as JSON: a line of history.jsonl, an
// entry of a checkpoint.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "base/json.h"

namespace inkling {

struct EpochRecord {
  int epoch = 0;                              // from 1
  double lr = 0;                              // at the epoch's last step
  double train_loss = 0, train_accuracy = 0;  // over the epoch, as the weights moved, dropout on
  double val_loss = 0, val_accuracy = 0;      // NaN without validation images
  double val_macro_f1 = 0;                    // likewise
  double seconds = 0;                         // training alone
  double images_per_second = 0;
};

// JSON has no NaN: what was not measured is null.
nlohmann::ordered_json epoch_json(const EpochRecord& record);

// Throws Error (input) naming the key that is missing or not a number.
EpochRecord epoch_of_json(const JsonValue& line);

}  // namespace inkling

// A run folder read back: what the training left there, for figures and the report. Not the model
// (store/model_format.h).
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "train/recipe/recipe.h"
#include "train/run/metrics_file.h"
#include "train/trainer.h"

namespace inkling {

struct RunRecord {
  std::filesystem::path folder;
  std::vector<std::string> members;  // of an ensemble, which lacks the next four; else empty
  std::optional<Recipe> recipe;
  std::string recipe_text;           // recipe.toml, verbatim
  std::vector<EpochRecord> history;  // NaN if nothing was validated
  // metrics.json: validation and training; metrics-test.json, if the test set was read.
  std::optional<MetricsRecord> metrics, test_metrics;

  int best_epoch() const;  // 0: unknown
};

// Throws Error naming the file if one of a training's first three is missing or any is invalid.
// `members`: of the ensemble in the folder; none: its model was trained.
RunRecord read_run(const std::filesystem::path& folder, std::vector<std::string> members = {});

// The epoch with the lowest validation loss, if the loss then rose for good while training kept
// improving; nothing if the history does not show that.
std::optional<int> over_fitting_since(const std::vector<EpochRecord>& history);

}  // namespace inkling

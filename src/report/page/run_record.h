// A run folder read back: what the training left there, for figures and the report. Not the model
// itself (store/model_format.h).
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
  std::string recipe_text;           // recipe.toml, word for word
  std::vector<EpochRecord> history;  // NaN where nothing was validated
  // metrics.json: validation, and how the training went; metrics-test.json, where the test set was
  // read.
  std::optional<MetricsRecord> metrics, test_metrics;

  int best_epoch() const;  // 0: unknown
};

// Throws Error, naming the file, if one of a training's first three is missing or any is not what
// it should be. members: what the model in the folder was put together from; none: it was trained.
RunRecord read_run(const std::filesystem::path& folder, std::vector<std::string> members = {});

// The epoch with the lowest validation loss, where the loss then rose for good while training went
// on improving; nothing where the history does not show that.
std::optional<int> over_fitting_since(const std::vector<EpochRecord>& history);

}  // namespace inkling

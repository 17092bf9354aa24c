// metrics.json and metrics-test.json: what Inkling writes there about a model, a split and a
// training, and what it reads back. Lists for people and other programs (classes, bins, confusion)
// are only written.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "eval/metrics/metrics.h"
#include "eval/robustness/robustness.h"
#include "store/model_file.h"
#include "train/trainer.h"

namespace inkling {

// The keys every metrics file has, of a model evaluated on a split.
nlohmann::json metrics_document(const Metrics& metrics, const Model& model,
                                std::string_view dataset, std::string_view split, double seconds);
// The same keys without images to evaluate on: n is 0, what would follow from images is null.
nlohmann::json unevaluated_document(const Model& model, std::string_view dataset);

// Adds epochs, best_epoch, train_seconds, images_per_second, interrupted.
void add_training(nlohmann::json& document, const TrainingResult& result);

// Of a split's images.
struct SplitScores {
  int64_t n = 0;  // images
  double accuracy = 0;
  Interval accuracy_ci95;
  double loss = 0, macro_f1 = 0;
  bool operator==(const SplitScores&) const = default;
};

// How the training went.
struct TrainingScores {
  int best_epoch = 0;
  double train_seconds = 0;
  std::optional<double> images_per_second;  // none if no time passed
  bool interrupted = false;
  bool operator==(const TrainingScores&) const = default;
};

struct MetricsRecord {
  std::string weights_sha256;
  std::optional<SplitScores> scores;       // none: no images to evaluate on
  std::optional<TrainingScores> training;  // none in metrics-test.json
  std::optional<Robustness> robustness;    // if measured
};

// Throws Error (input) naming the file and, if its content is not as written above, the key.
MetricsRecord read_metrics(const std::filesystem::path& path);

}  // namespace inkling

#include "train/run/metrics_file.h"

#include <climits>

#include <nlohmann/json.hpp>

#include "base/index.h"
#include "base/json.h"
#include "eval/metrics/metrics_json.h"
#include "eval/predict.h"
#include "eval/robustness/robustness_json.h"
#include "store/weights_hash.h"
#include "sys/json_file.h"

namespace inkling {
namespace {

nlohmann::json of_model(const Model& model, std::string_view dataset, std::string_view split) {
  return {{"dataset", dataset},
          {"split", split},
          {"model", model.net->name},
          {"parameters", model.net->parameter_count()},
          {"weights_sha256", weights_sha256(tensors_of(*model.net, model.parameters))}};
}

SplitScores scores_of(const JsonValue& metrics) {
  return {.n = metrics["n"].integer(0),
          .accuracy = metrics["accuracy"].number(),
          .accuracy_ci95 = interval_of_json(metrics["accuracy_ci95"]),
          .loss = metrics["loss"].number(),
          .macro_f1 = metrics["macro"]["f1"].number()};
}

TrainingScores training_of(const JsonValue& metrics) {
  return {.best_epoch = narrow<int>(metrics["best_epoch"].integer(0, INT_MAX)),
          .train_seconds = metrics["train_seconds"].number(),
          .images_per_second = metrics["images_per_second"].number_or_null(),
          .interrupted = metrics.has("interrupted") && metrics["interrupted"].boolean()};
}

}  // namespace

nlohmann::json metrics_document(const Metrics& metrics, const Model& model,
                                std::string_view dataset, std::string_view split, double seconds) {
  nlohmann::json document = metrics_json(metrics, model.class_names);
  document.update(of_model(model, dataset, split));
  document["seconds"] = seconds;
  if (model.predicts_by_views()) document["tta"] = kViews.size();
  return document;
}

nlohmann::json unevaluated_document(const Model& model, std::string_view dataset) {
  nlohmann::json document = of_model(model, dataset, "validation");
  document["n"] = 0;
  for (const char* key :
       {"accuracy", "accuracy_ci95", "loss", "macro", "per_class", "confusion", "ece", "seconds"}) {
    document[key] = nullptr;
  }
  return document;
}

void add_training(nlohmann::json& document, const TrainingResult& result) {
  document["epochs"] = result.history.size();
  document["best_epoch"] = result.best_epoch;
  document["train_seconds"] = result.train_seconds;
  document["images_per_second"] = result.images_per_second;
  document["interrupted"] = result.interrupted;
}

MetricsRecord read_metrics(const std::filesystem::path& path) {
  const nlohmann::json document = read_json_object(path);
  const JsonValue metrics(document, path.string());
  MetricsRecord record{.weights_sha256 = metrics["weights_sha256"].text()};
  if (metrics["n"].integer(0) > 0) record.scores = scores_of(metrics);
  if (metrics.has("best_epoch")) record.training = training_of(metrics);
  if (metrics.has("robustness")) record.robustness = robustness_of_json(metrics["robustness"]);
  return record;
}

}  // namespace inkling

#include "train/run_folder.h"

#include <cmath>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/file.h"
#include "eval/metrics_json.h"

namespace inkling {
namespace {

// JSON has no NaN: what was not measured is null.
nlohmann::json number_or_null(double value) {
  return std::isfinite(value) ? nlohmann::json(value) : nlohmann::json();
}

}  // namespace

RunFolder RunFolder::create(const std::filesystem::path& path) {
  make_folder(path);
  for (const char* file :
       {"recipe.toml", "history.jsonl", "metrics.json", "metrics-test.json", "model.safetensors"}) {
    std::error_code code;
    std::filesystem::remove(path / file, code);
    if (code) throw system_error("cannot clear {}: {}", (path / file).string(), code.message());
  }
  return RunFolder(path);
}

void RunFolder::write_recipe(const std::string& toml) const {
  write_file(path_ / "recipe.toml", toml);
}

void RunFolder::add_epoch(const EpochRecord& record) const {
  const nlohmann::ordered_json line = {{"epoch", record.epoch},
                                       {"lr", record.lr},
                                       {"train_loss", record.train_loss},
                                       {"train_accuracy", record.train_accuracy},
                                       {"val_loss", number_or_null(record.val_loss)},
                                       {"val_accuracy", number_or_null(record.val_accuracy)},
                                       {"seconds", record.seconds},
                                       {"images_per_second", record.images_per_second}};
  append_line(path_ / "history.jsonl", line.dump());
}

void RunFolder::save(const Model& model) const { save_model(model_path(), model); }

void RunFolder::write_metrics(const nlohmann::json& metrics, bool test) const {
  write_json(path_ / (test ? "metrics-test.json" : "metrics.json"), metrics);
}

void write_json(const std::filesystem::path& path, const nlohmann::json& document) {
  write_file(path, document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
}

nlohmann::json metrics_document(const Metrics& metrics, const Model& model,
                                std::string_view dataset, std::string_view split, double seconds) {
  nlohmann::json document = metrics_json(metrics, model.class_names);
  document["dataset"] = dataset;
  document["split"] = split;
  document["model"] = model.net->name;
  document["parameters"] = model.net->parameter_count();
  document["weights_sha256"] = weights_sha256(tensors_of(*model.net, model.parameters));
  document["seconds"] = seconds;
  return document;
}

void add_training(nlohmann::json& document, const TrainingResult& result) {
  document["epochs"] = result.history.size();
  document["best_epoch"] = result.best_epoch;
  document["train_seconds"] = result.train_seconds;
  document["images_per_second"] = result.images_per_second;
  document["interrupted"] = result.interrupted;
}

}  // namespace inkling

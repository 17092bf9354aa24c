#include "train/run/run_folder.h"

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "eval/metrics/metrics_json.h"
#include "eval/predict.h"
#include "store/weights_hash.h"
#include "sys/file.h"
#include "train/run/epoch_json.h"
#include "train/run/json_file.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;

// What write_file was writing when its process died: "metrics.json.1234.tmp".
void remove_half_written(const fs::path& folder) {
  std::error_code code;
  std::vector<fs::path> left;
  for (const auto& entry : fs::directory_iterator(folder, code)) {
    const std::string name = entry.path().filename().string();
    for (const char* file : {"recipe.toml.", "history.jsonl.", "metrics.json.",
                             "metrics-test.json.", "model.safetensors.", "state.safetensors."}) {
      if (name.starts_with(file) && name.ends_with(".tmp")) left.push_back(entry.path());
    }
  }
  for (const fs::path& path : left) clear_file(path);
}

// What `report` drew: NAME.png with its NAME.svg.
void clear_figures(const fs::path& folder) {
  std::error_code code;
  std::vector<fs::path> drawn;
  for (const auto& entry : fs::directory_iterator(folder, code)) {
    fs::path png = entry.path();
    if (png.extension() != ".svg" || !fs::exists(png.replace_extension(".png"), code)) continue;
    drawn.push_back(entry.path());
    drawn.push_back(png);
  }
  for (const fs::path& path : drawn) clear_file(path);
}

nlohmann::json of_model(const Model& model, std::string_view dataset, std::string_view split) {
  return {{"dataset", dataset},
          {"split", split},
          {"model", model.net->name},
          {"parameters", model.net->parameter_count()},
          {"weights_sha256", weights_sha256(tensors_of(*model.net, model.parameters))}};
}

}  // namespace

void clear_file(const fs::path& path) {
  std::error_code code;
  fs::remove(path, code);
  if (code) throw system_error("cannot clear {}: {}", path.string(), code.message());
}

FolderLock lock_for_training(const fs::path& folder) {
  make_folder(folder);
  std::optional<FolderLock> lock = FolderLock::if_free(folder);
  if (lock) return std::move(*lock);
  throw system_error(
      "{}: another process is training into this folder; let it end, stop it, or give another "
      "--out",
      folder.string());
}

RunFolder::State RunFolder::state(const fs::path& path) {
  std::error_code code;
  if (!fs::exists(path / "recipe.toml", code)) return State::kNone;
  if (!fs::exists(path / "metrics.json", code)) return State::kUnfinished;
  const nlohmann::json metrics = read_json_object(path / "metrics.json");
  return from_document((path / "metrics.json").string(), [&] {
    return metrics.value("interrupted", false) ? State::kUnfinished : State::kFinished;
  });
}

void clear_results(const fs::path& folder) {
  for (const char* file : {"metrics-test.json", "report.html"}) clear_file(folder / file);
  clear_figures(folder / "figures");
}

RunFolder RunFolder::create(const fs::path& path) {
  RunFolder run(path);
  // First what says that there is a run.
  for (const char* file : {"recipe.toml", "history.jsonl", "metrics.json", "model.safetensors",
                           "checkpoint/state.safetensors"}) {
    clear_file(path / file);
  }
  clear_results(path);
  run.tidy();
  return run;
}

RunFolder RunFolder::reopen(const fs::path& path) {
  RunFolder run(path);
  run.tidy();
  return run;
}

void RunFolder::tidy() const {
  remove_half_written(path_);
  remove_half_written(path_ / "checkpoint");
  std::error_code code;
  fs::remove(path_ / "checkpoint", code);  // where it is empty
}

void RunFolder::write_recipe(const std::string& toml) const { write_file(recipe_path(), toml); }

void RunFolder::add_epoch(const EpochRecord& record) const {
  append_line(path_ / "history.jsonl", epoch_json(record).dump());
}

void RunFolder::write_history(std::span<const EpochRecord> records) const {
  std::string lines;
  for (const EpochRecord& record : records) lines += epoch_json(record).dump() + "\n";
  write_file(path_ / "history.jsonl", lines);
}

void RunFolder::save(const Model& model) const { save_model(model_path(), model); }

void RunFolder::save(const Checkpoint& checkpoint) const {
  make_folder(checkpoint_path().parent_path());
  save_checkpoint(checkpoint_path(), checkpoint);
}

std::optional<Checkpoint> RunFolder::checkpoint() const {
  return load_checkpoint(checkpoint_path());
}

void RunFolder::write_metrics(const nlohmann::json& metrics, bool test) const {
  write_json(path_ / (test ? "metrics-test.json" : "metrics.json"), metrics);
}

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

}  // namespace inkling

#include "train/run/run_folder.h"

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/json.h"
#include "eval/metrics/metrics_json.h"
#include "eval/predict.h"
#include "store/weights_hash.h"
#include "sys/file.h"
#include "sys/json_file.h"
#include "train/run/checkpoint_file.h"
#include "train/run/history_file.h"
#include "train/run/metrics_file.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;

// What write_file was writing when its process died: "metrics.json.1234.tmp".
void remove_half_written(const fs::path& file) {
  const std::string begin = file.filename().string() + ".";
  std::error_code code;
  std::vector<fs::path> left;
  for (const auto& entry : fs::directory_iterator(file.parent_path(), code)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(begin) && name.ends_with(".tmp")) left.push_back(entry.path());
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
      "{}: another process is training into this folder; wait for it, stop it, or choose another "
      "--out",
      folder.string());
}

RunFolder::State RunFolder::state(const fs::path& path) {
  const RunFiles files{path};
  std::error_code code;
  if (!fs::exists(files.recipe(), code)) return State::kNone;
  if (!fs::exists(files.metrics(), code)) return State::kUnfinished;
  const std::optional<TrainingScores> training = read_metrics(files.metrics()).training;
  return training && training->interrupted ? State::kUnfinished : State::kFinished;
}

void clear_results(const fs::path& folder) {
  const RunFiles files{folder};
  for (const fs::path& file : {files.test_metrics(), files.page()}) clear_file(file);
  clear_figures(files.figures());
}

RunFolder RunFolder::create(const fs::path& path) {
  RunFolder run(path);
  const RunFiles& files = run.files_;
  // First the file that marks a run.
  for (const fs::path& file :
       {files.recipe(), files.history(), files.metrics(), files.model(), files.checkpoint()}) {
    clear_file(file);
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
  for (const fs::path& file : {files_.recipe(), files_.history(), files_.metrics(),
                               files_.test_metrics(), files_.model(), files_.checkpoint()}) {
    remove_half_written(file);
  }
  std::error_code code;
  fs::remove(files_.checkpoint().parent_path(), code);  // if empty
}

void RunFolder::write_recipe(const std::string& toml) const { write_file(files_.recipe(), toml); }

void RunFolder::add_epoch(const EpochRecord& record) const {
  append_line(files_.history(), json_text(epoch_json(record)));
}

void RunFolder::write_history(std::span<const EpochRecord> records) const {
  write_file(files_.history(), history_text(records));
}

void RunFolder::save(const Model& model) const { save_model(files_.model(), model); }

void RunFolder::save(const Checkpoint& checkpoint) const {
  make_folder(files_.checkpoint().parent_path());
  save_checkpoint(files_.checkpoint(), checkpoint);
}

std::optional<Checkpoint> RunFolder::checkpoint() const {
  return load_checkpoint(files_.checkpoint());
}

void RunFolder::write_metrics(const nlohmann::json& metrics, bool test) const {
  write_json(test ? files_.test_metrics() : files_.metrics(), metrics);
}

}  // namespace inkling

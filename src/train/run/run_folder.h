// What a training leaves on disk: recipe.toml, history.jsonl, metrics.json, model.safetensors,
// checkpoint/. Each file is whole or absent at any instant, and a process that dies at any instant
// leaves a folder that can be resumed: recipe.toml is the first to go and the first to come,
// metrics.json the last. One process at a time trains into it.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "store/model_file.h"
#include "sys/folder_lock.h"
#include "train/checkpoint.h"
#include "train/run/run_files.h"

namespace inkling {

// Makes the folder, of a run or of several, and keeps other trainings out for as long as the lock
// lives. Throws Error at once where one is at work in it.
FolderLock lock_for_training(const std::filesystem::path& folder);

// Removes what an earlier run left, where it is. Throws Error naming it where that is impossible.
void clear_file(const std::filesystem::path& path);

// Removes what `evaluate` and `report` made of the model in a folder: of the next one it would not
// be true. Throws Error where that is impossible.
void clear_results(const std::filesystem::path& folder);

class RunFolder {
 public:
  enum class State {
    kNone,        // no run, or one that was being cleared away
    kUnfinished,  // begun; killed, failed or interrupted
    kFinished
  };
  // Throws Error naming metrics.json and the key if it is there and not as write_metrics left it.
  static State state(const std::filesystem::path& path);

  // Makes the folder, locks it for training as long as the object lives, and clears the files of an
  // earlier run in it. Throws Error where that is impossible.
  static RunFolder create(const std::filesystem::path& path);
  // An unfinished run's folder, locked alike, without what was half-written when it died.
  static RunFolder reopen(const std::filesystem::path& path);

  void write_recipe(const std::string& toml) const;
  void add_epoch(const EpochRecord& record) const;
  // The whole of history.jsonl anew.
  void write_history(std::span<const EpochRecord> records) const;
  void save(const Model& model) const;
  void save(const Checkpoint& checkpoint) const;
  std::optional<Checkpoint> checkpoint() const;
  void write_metrics(const nlohmann::json& metrics, bool test) const;

  const RunFiles& files() const { return files_; }

 private:
  explicit RunFolder(const std::filesystem::path& path)
      : files_{path}, lock_(lock_for_training(path)) {}
  // Removes what was half-written when a process died.
  void tidy() const;
  RunFiles files_;
  FolderLock lock_;
};

}  // namespace inkling

// What a training leaves on disk: recipe.toml, history.jsonl, metrics.json, model.safetensors,
// checkpoint/. At any instant each file is complete or absent, and a process that dies leaves a
// folder that can be resumed: recipe.toml is removed first and written first, metrics.json last.
// One process at a time trains into it, and one thread at a time uses a RunFolder.
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

// Creates the folder, of a run or of several, and keeps other trainings out while the lock lives.
// Throws Error at once if another one is training into it.
FolderLock lock_for_training(const std::filesystem::path& folder);

// Removes a file of an earlier run, if there. Throws Error naming it if that is impossible.
void clear_file(const std::filesystem::path& path);

// Removes the results of `evaluate` and `report` from a folder: they do not hold for its next
// model. Throws Error if that is impossible.
void clear_results(const std::filesystem::path& folder);

class RunFolder {
 public:
  enum class State {
    kNone,        // no run, or one that was being cleared away
    kUnfinished,  // begun; killed, failed or interrupted
    kFinished
  };
  // Throws Error naming metrics.json and the key if its content is not as write_metrics leaves it.
  static State state(const std::filesystem::path& path);

  // Creates the folder, locks it for training while the object lives, and clears the files of an
  // earlier run. Throws Error if that is impossible.
  static RunFolder create(const std::filesystem::path& path);
  // An unfinished run's folder, locked likewise, without files half-written when it died.
  static RunFolder reopen(const std::filesystem::path& path);

  void write_recipe(const std::string& toml) const;
  void add_epoch(const EpochRecord& record) const;
  // Replaces history.jsonl.
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

// The names of the files in a run folder; nothing else spells them. Not their content
// (run_folder.h, metrics_file.h, history_file.h, checkpoint_file.h), nor whether they exist.
//
//   RunFiles run{"runs/a"};
//   read_run_recipe(run.recipe());
#pragma once

#include <filesystem>

#include "store/find_model.h"

namespace inkling {

// Folder of the figures of a run, a comparison or an inspection.
inline constexpr const char* kFiguresFolder = "figures";

struct RunFiles {
  std::filesystem::path folder;

  // The files beside a model file: those of its run, if it belongs to one.
  static RunFiles beside(const std::filesystem::path& model_file) {
    return {model_file.parent_path()};
  }

  std::filesystem::path recipe() const { return folder / "recipe.toml"; }
  std::filesystem::path history() const { return folder / "history.jsonl"; }
  std::filesystem::path metrics() const { return folder / "metrics.json"; }
  std::filesystem::path test_metrics() const { return folder / "metrics-test.json"; }
  std::filesystem::path model() const { return folder / kModelFile; }
  std::filesystem::path checkpoint() const { return folder / "checkpoint" / "state.safetensors"; }
  std::filesystem::path page() const { return folder / "report.html"; }
  std::filesystem::path figures() const { return folder / kFiguresFolder; }
};

}  // namespace inkling

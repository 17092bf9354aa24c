// The names of what a run's folder holds: nobody else spells them. Not what is in the files
// (run_folder.h, metrics_file.h, history_file.h, checkpoint_file.h), nor whether they are there.
//
//   RunFiles run{"runs/a"};
//   read_run_recipe(run.recipe());
#pragma once

#include <filesystem>

#include "store/find_model.h"

namespace inkling {

// The pictures' folder, beside whatever they are of: a run, a comparison, an inspection.
inline constexpr const char* kFiguresFolder = "figures";

struct RunFiles {
  std::filesystem::path folder;

  // Of the run a model file may belong to: the files beside it.
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

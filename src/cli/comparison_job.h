// Runs judged side by side on the same images: what `compare` does, and `pipeline` before it
// reports.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "cli/options/data_options.h"
#include "eval/compare/comparison.h"
#include "nn/engine.h"

namespace inkling {

struct ComparisonJob {
  std::vector<std::string> runs;    // run folders or model files, at least one
  DataOptions data;                 // names nothing: what the runs were trained on
  std::string split;                // empty: validation, of files all
  std::filesystem::path set_aside;  // list of images not judged; empty: all are
  EngineOptions engine;
  std::filesystem::path out;  // gets comparison.json and figures/; empty: nothing is written
};

struct ComparedRuns {
  Comparison comparison;
  std::vector<std::string> class_names;  // [classes]
};

// Throws Error where a run is not there, where classes, data or validation images differ, or where
// images cannot be had, or the list of those set aside read.
ComparedRuns run_comparison(const ComparisonJob& job);

}  // namespace inkling

// Several trained models combined into one, which predicts the mean of their probabilities and can
// be used wherever a model can.
//
//   combine_models({.models = {"runs/a", "runs/b"}, .out = "runs/ensemble"}, observer);
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "jobs/observer.h"

namespace inkling {

struct CombineRequest {
  std::vector<std::string> models;  // run folders or model files, at least two
  std::filesystem::path out;        // gets the model file
  std::string name = "ensemble";    // of the network
};

struct CombineResult {
  std::filesystem::path file;
  size_t parameters = 0;
  double flops = 0;  // per image
};

// Throws Error (usage) if the folder holds a run; Error if a model cannot be loaded or does not fit
// the first; (interrupted) once cancelled. Threads: observer.h.
CombineResult combine_models(const CombineRequest& request, JobObserver& observer);

}  // namespace inkling

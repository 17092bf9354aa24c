// Several trained models made one, that predicts with the mean of their probabilities and goes
// wherever a model goes.
//
//   combine_models({.models = {"runs/a", "runs/b"}, .out = "runs/ensemble"});
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace inkling {

struct CombineRequest {
  std::vector<std::string> models;  // run folders or model files, at least two
  std::filesystem::path out;        // gets the model file
  std::string name = "ensemble";    // of the network
};

struct CombineResult {
  std::filesystem::path file;
  size_t parameters = 0;
  double flops = 0;  // of one image
};

// Throws Error (usage) where the folder holds a run, Error where a model cannot be had or does not
// fit the first.
CombineResult combine_models(const CombineRequest& request);

}  // namespace inkling

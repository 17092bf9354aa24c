// Pictures of one digit each, or of whatever the model's classes are, read by a trained model.
//
//   predict_pictures({.model = "runs/a", .pictures = {"seven.png"}}, engine, take);
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "jobs/evaluate_run.h"
#include "nn/engine.h"

namespace inkling {

struct PredictRequest {
  std::string model;                  // run folder or model file
  std::vector<std::string> pictures;  // files of the network's own size
  ViewChoice views = ViewChoice::kAsTrained;
};

struct PicturePrediction {
  std::string file;
  std::string trouble;   // why the picture cannot be read; the rest is then empty
  int digit = -1;        // class index
  std::string label;     // its name
  std::vector<float> p;  // [classes] probabilities

  bool is_read() const { return trouble.empty(); }
};

// Gives `take` one prediction a picture, in order, as soon as it is made. Throws Error where the
// model cannot be had; a picture that cannot be read is a prediction with its trouble.
void predict_pictures(const PredictRequest& request, Engine& engine,
                      const std::function<void(const PicturePrediction&)>& take);

}  // namespace inkling

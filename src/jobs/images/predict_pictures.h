// Picture files classified by a trained model.
//
//   predict_pictures({.model = "runs/a", .pictures = {"seven.png"}}, engine, observer, take);
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "jobs/evaluation/evaluate_run.h"
#include "nn/engine.h"

namespace inkling {

struct PredictRequest {
  std::string model;                  // run folder or model file
  std::vector<std::string> pictures;  // files of the network's input size
  ViewChoice views = ViewChoice::kAsTrained;
};

struct PicturePrediction {
  std::string file;
  std::string trouble;   // why the picture could not be read; the rest is then empty
  int digit = -1;        // class index
  std::string label;     // its name
  std::vector<float> p;  // [classes] probabilities

  bool is_read() const { return trouble.empty(); }
};

// Passes one prediction per picture to `take`, in order, as soon as it is made. Throws Error if the
// model cannot be loaded, (interrupted) once cancelled; a picture that cannot be read is a
// prediction with its trouble. Threads: observer.h.
void predict_pictures(const PredictRequest& request, Engine& engine, JobObserver& observer,
                      const std::function<void(const PicturePrediction&)>& take);

}  // namespace inkling

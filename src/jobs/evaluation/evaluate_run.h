// A trained model evaluated on labelled images: accuracy, calibration, the accuracy gained by
// rejecting the least confident predictions, robustness.
//
//   EvaluateResult found = evaluate_run({.model = "runs/a"}, engine, observer);
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "data/sources/image_source.h"
#include "eval/metrics/evaluation.h"
#include "eval/metrics/set_aside.h"
#include "eval/robustness/robustness.h"
#include "jobs/observer.h"
#include "nn/engine.h"
#include "nn/model.h"

namespace inkling {

enum class ViewChoice {
  kAsTrained,  // as the model's recipe says
  kOne,        // each image as it is
  kSeveral     // the mean over several views (kViews)
};

// Makes the model predict so. Whether that is how its recipe says.
bool choose_views(ViewChoice choice, Model& model);

struct EvaluateRequest {
  std::string model;                // run folder or model file
  ImageSource images;               // none named: the model's own
  std::string split;                // empty: test, of files all
  std::filesystem::path set_aside;  // list of images to exclude; empty: none
  bool robustness = false;
  ViewChoice views = ViewChoice::kAsTrained;
  std::filesystem::path json;  // file for the document too; empty: none
  std::filesystem::path out;   // for metrics.json and figures/; empty: neither
};

struct EvaluateResult {
  std::string network;
  std::vector<std::string> class_names;  // [classes]
  std::string dataset, split;
  std::optional<SetAside> aside;
  size_t views = 1;  // of each image that a prediction is the mean over
  Evaluation evaluation;
  std::optional<Robustness> robustness;
  nlohmann::json document;  // as in metrics.json
};

// A run folder evaluated on its own complete test set, predicting as its recipe says, gets
// metrics-test.json. If the run's validation images cannot be read, no temperature is fitted and
// the observer is warned. Throws Error naming what is missing, does not fit or is ambiguous;
// (interrupted) once cancelled. Threads: observer.h.
EvaluateResult evaluate_run(const EvaluateRequest& request, Engine& engine, JobObserver& observer);

}  // namespace inkling

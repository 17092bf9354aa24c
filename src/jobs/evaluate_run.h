// A trained model evaluated on labelled images: accuracy, calibration, what refusing the least sure
// predictions brings, robustness.
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

namespace inkling {

enum class ViewChoice {
  kAsTrained,  // as the model's recipe says
  kOne,        // each image as it is
  kSeveral     // the mean over several views (kViews)
};

struct EvaluateRequest {
  std::string model;                // run folder or model file
  ImageSource images;               // names nothing: the model's own
  std::string split;                // empty: test, of files all
  std::filesystem::path set_aside;  // list of images not evaluated; empty: all are
  bool robustness = false;
  ViewChoice views = ViewChoice::kAsTrained;
  std::filesystem::path json;  // file that gets the document too; empty: none
  std::filesystem::path out;   // gets metrics.json and figures/; empty: neither
};

struct EvaluateResult {
  std::string network;
  std::vector<std::string> class_names;  // [classes]
  std::string dataset, split;
  std::optional<SetAside> aside;
  size_t views = 1;  // of an image, behind each prediction
  Evaluation evaluation;
  std::optional<Robustness> robustness;
  nlohmann::json document;  // as in metrics.json
};

// A run folder evaluated on its own whole test set, in its own way, gets metrics-test.json. Where
// no temperature can be fitted for want of the run's validation images, the observer is warned and
// the rest stands. Throws Error naming what is not there, does not fit or is not settled.
EvaluateResult evaluate_run(const EvaluateRequest& request, Engine& engine, JobObserver& observer);

}  // namespace inkling

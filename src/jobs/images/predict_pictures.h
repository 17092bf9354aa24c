// Picture files classified by a trained model.
//
//   predict_pictures({.model = "runs/a", .pictures = {"seven.png"}}, engine, observer, take);
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "jobs/evaluation/evaluate_run.h"
#include "jobs/images/picture_input.h"
#include "nn/engine.h"

namespace inkling {

struct PredictRequest {
  std::string model;                  // run folder or model file
  std::vector<std::string> pictures;  // files, of any size
  InputForm form = InputForm::kAsTrained;
  ViewChoice views = ViewChoice::kAsTrained;
};

// Why there is no prediction: the picture cannot be decoded, or there is no ink in it.
enum class Refusal { kNone, kUnreadable, kBlank };

struct PicturePrediction {
  std::string file;
  Refusal reason = Refusal::kNone;  // if not kNone, the rest is empty but for trouble
  std::string trouble;              // why the picture is unreadable
  int digit = -1;                   // class index
  std::string label;                // its name
  std::vector<float> p;             // [classes] probabilities
  std::optional<PixelBox> box;      // of the ink, pixels of the picture; of a whole picture none

  bool is_read() const { return reason == Refusal::kNone; }
};

// Passes one prediction per picture to `take`, in order, as soon as it is made. Throws Error if the
// model cannot be loaded, (interrupted) once cancelled; a picture that cannot be read is a
// prediction with its trouble. Threads: observer.h.
void predict_pictures(const PredictRequest& request, Engine& engine, JobObserver& observer,
                      const std::function<void(const PicturePrediction&)>& take);

}  // namespace inkling

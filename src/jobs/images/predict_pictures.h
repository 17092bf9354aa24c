// Picture files read by a trained model: one digit each, or every digit in each.
//
//   predict_pictures({.model = "runs/a", .pictures = {"seven.png", "scans"}}, engine, observer,
//                    [](const PicturePrediction& p) { use(p.file, p.prediction); });
//
// Decoding and reading use the engine's threads; results come in the order of the files.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "jobs/evaluation/evaluate_run.h"
#include "nn/engine.h"
#include "recognize/network_input.h"
#include "recognize/reading.h"

namespace inkling {

struct PicturesRequest {
  std::string model;                  // run folder or model file; empty: the default reader
  std::vector<std::string> pictures;  // files, folders, patterns, "-" (picture_files.h)
  // A folder for figures of each picture's steps (reading_figures.h), named after the picture:
  // NAME-steps.png, of read NAME-digits.png too. Empty: none.
  std::filesystem::path show;
};

struct PredictRequest : PicturesRequest {
  InputForm form = InputForm::kAsTrained;
  ViewChoice views = ViewChoice::kAsTrained;
};

struct PicturePrediction {
  std::string file;
  std::string trouble;  // why the file could not be decoded; else empty
  DigitPrediction prediction;
};

struct PictureReading {
  std::string file;
  std::string trouble;
  Reading reading;
};

// Both pass one result per picture to `take`, on the calling thread and in order, a few pictures
// behind the reading. Throw Error if the model cannot be loaded or does not read ink, the network
// predicts NaN, (interrupted) once cancelled. A file that cannot be decoded and a folder without
// pictures are refused as unreadable, with their trouble. Figures that cannot be drawn are a
// warning. Threads: observer.h.
void predict_pictures(const PredictRequest& request, Engine& engine, JobObserver& observer,
                      const std::function<void(const PicturePrediction&)>& take);
void read_pictures(const PicturesRequest& request, Engine& engine, JobObserver& observer,
                   const std::function<void(const PictureReading&)>& take);

}  // namespace inkling

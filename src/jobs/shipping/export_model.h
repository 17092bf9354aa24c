// A trained model as one file that other programs run.
//
//   export_model({.model = "runs/a", .out = "a.onnx"}, observer);
#pragma once

#include <filesystem>
#include <string>

#include "jobs/observer.h"
#include "store/onnx/onnx_model.h"

namespace inkling {

struct ExportRequest {
  std::string model;          // as --model
  std::filesystem::path out;  // its ending says the format: .onnx
  int opset = kNewestOpset;
};

struct ExportResult {
  std::string network;  // its name
  size_t bytes = 0;
};

// Notes to the observer what the file has not: the views of a model that predicts by several, the
// finding of ink. Throws Error (usage) for another ending or opset; Error if the model cannot be
// loaded or the file not be written, of which nothing is left then. Threads: observer.h.
ExportResult export_model(const ExportRequest& request, JobObserver& observer);

}  // namespace inkling

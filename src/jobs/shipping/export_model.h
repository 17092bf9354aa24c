// A trained model as one file: ONNX, which other programs run, or safetensors with weights of
// another type.
//
//   export_model({.model = "runs/a", .out = "a.onnx"}, observer);
#pragma once

#include <filesystem>
#include <string>

#include "jobs/observer.h"
#include "store/model_format.h"
#include "store/onnx/onnx_model.h"

namespace inkling {

struct ExportRequest {
  std::string model;          // as --model
  std::filesystem::path out;  // its ending says the format: .onnx or .safetensors
  int opset = kNewestOpset;   // of ONNX
  Dtype dtype = Dtype::kF32;  // of the weights in safetensors
};

struct ExportResult {
  std::string network;  // its name
  size_t bytes = 0;
};

// Notes to the observer what ONNX has not: the views of a model that predicts by several, the
// finding of ink. Throws Error (usage) for another ending or opset; Error if the model cannot be
// loaded or the file not be written, of which nothing is left then. Threads: observer.h.
ExportResult export_model(const ExportRequest& request, JobObserver& observer);

}  // namespace inkling

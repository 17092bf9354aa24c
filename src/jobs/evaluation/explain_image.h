// Which parts of a picture a prediction depends on: saliency, Grad-CAM and occlusion, drawn over
// it.
//
//   explain_image({.model = "runs/a", .index = "7", .out = "seven.png"}, engine, observer);
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "data/sources/image_source.h"
#include "eval/explain/explanation.h"
#include "jobs/observer.h"
#include "nn/engine.h"

namespace inkling {

struct ExplainRequest {
  std::string model;          // run folder or model file
  std::string picture;        // a file of the network's input size; empty: an image of a dataset
  ImageSource images;         // none named: the model's own
  std::string split;          // empty: train
  std::string index;          // of the image in it, counted from 0
  std::string class_name;     // the class to explain; empty: the predicted one
  std::filesystem::path out;  // FILE.png; FILE.svg is written beside it
};

struct ExplainResult {
  std::string subject;  // "mnist train 7", or the picture's file
  std::string truth;    // ", true label 3"; empty if unknown
  Explanation explanation;
  std::vector<std::string> class_names;  // [classes]
};

// Throws Error naming what is missing or does not fit, and if the figure cannot be drawn;
// (interrupted) once cancelled. Threads: observer.h.
ExplainResult explain_image(const ExplainRequest& request, Engine& engine, JobObserver& observer);

// The three most likely classes: "7 99.12 %, 2 0.71 %, 3 0.10 %".
std::string likeliest_text(const Explanation& explanation, std::span<const std::string> names);

}  // namespace inkling

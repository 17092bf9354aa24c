// What in one picture a network goes by: saliency, Grad-CAM and occlusion, drawn over it.
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
  std::string picture;        // a file of the network's own size; empty: an image of a dataset
  ImageSource images;         // names nothing: the model's own
  std::string split;          // empty: train
  std::string index;          // of the image in it, from 0
  std::string class_name;     // to explain; empty: the predicted one
  std::filesystem::path out;  // FILE.png; FILE.svg is written beside it
};

struct ExplainResult {
  std::string subject;  // "mnist train 7", or the picture's file
  std::string truth;    // ", true label 3"; empty where unknown
  Explanation explanation;
  std::vector<std::string> class_names;  // [classes]
};

// Throws Error naming what is not there or does not fit, and where the figure cannot be drawn.
ExplainResult explain_image(const ExplainRequest& request, Engine& engine, JobObserver& observer);

// The three likeliest: "7 99.12 %, 2 0.71 %, 3 0.10 %".
std::string likeliest_text(const Explanation& explanation, std::span<const std::string> names);

}  // namespace inkling

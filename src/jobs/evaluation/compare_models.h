// Trained models compared on the same images.
//
//   ComparedModels found = compare_models({.models = {"runs/a", "runs/b"}}, engine, observer);
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "data/sources/image_source.h"
#include "eval/compare/comparison.h"
#include "jobs/evaluation/evaluated_images.h"
#include "jobs/observer.h"
#include "jobs/training/train_run.h"
#include "nn/engine.h"

namespace inkling {

struct CompareRequest {
  std::vector<std::string> models;  // run folders or model files, at least one
  ImageSource images;               // none named: those the models were trained on
  std::string split;                // empty: validation, of files all
  std::filesystem::path set_aside;  // list of images to exclude; empty: none
  std::filesystem::path out;        // for comparison.json and figures/; empty: nothing is written
};

struct ComparedModels {
  Comparison comparison;
  std::vector<std::string> class_names;  // [classes]
};

// Throws Error if a model, the images or the list of those set aside cannot be read, or if the
// models' classes, data or validation images differ; (interrupted) once cancelled. Threads:
// observer.h.
ComparedModels compare_models(const CompareRequest& request, Engine& engine, JobObserver& observer);

// For a caller who has evaluated the models already.
struct EvaluatedModel {
  std::string name;  // as the user called it
  const Model& model;
  std::optional<double> train_seconds;
  EvaluatedSplit evaluated;
};

// `dataset` holds the images the models were evaluated on. Measures the latency of one image and
// writes into `out` unless it is empty. At least one model; all of the same classes. Throws Error
// (interrupted) once cancelled.
Comparison compare_evaluated(std::vector<EvaluatedModel> models, const Dataset& dataset,
                             const std::string& split, const std::optional<SetAside>& aside,
                             const std::filesystem::path& out, Engine& engine,
                             JobObserver& observer);

}  // namespace inkling

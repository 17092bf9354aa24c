// Which labelled images a trained model is evaluated on: one rule for evaluate, compare, explain
// and report.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "data/sources/image_source.h"
#include "eval/metrics/evaluation.h"
#include "eval/metrics/set_aside.h"
#include "eval/predict.h"
#include "jobs/observer.h"
#include "nn/model.h"

namespace inkling {

struct EvaluatedImages {
  std::string split;  // "train", "validation", "test"; "all" of files
  Dataset dataset;
  std::vector<uint32_t> indices;  // of the evaluated ones
  std::optional<SetAside> aside;  // what set_aside removed
};

// From `data` if it names images, else from what the model says it was trained on. Of a named
// dataset the split asked for, else `otherwise`; of files everything, but of the model's own files
// only what its run kept for validation. `model_file` lies in the run's folder, whose recipe says
// how validation was split off. Throws Error (usage) if that leaves it open, Error as load_images
// does.
EvaluatedImages evaluated_images(const Model& model, const std::filesystem::path& model_file,
                                 const ImageSource& data, const std::string& asked_split,
                                 const std::string& otherwise, ThreadPool& pool,
                                 JobObserver& observer);

// The images the model's run kept for validation; nothing if it kept none or does not say. Throws
// Error if they are known but cannot be read.
std::optional<EvaluatedImages> validation_images(const Model& model,
                                                 const std::filesystem::path& model_file,
                                                 const std::string& data_dir, ThreadPool& pool,
                                                 JobObserver& observer);

// Of each image, that a prediction of the model is the mean over; 1: the image itself.
size_t views_of(const Model& model);

// What figures and reports call a model: its network's name and, if several, its views.
std::string shown_name(const Model& model);

// Adds to an evaluation what a temperature fitted on the validation images would do. Throws Error
// as fit_temperature does.
void set_temperature_from(const Predictions& validation, Evaluation& evaluation);

// Removes those that the file lists (data/formats/index_list.h). Throws Error as read_index_list
// does, and if none is left.
void set_aside(EvaluatedImages& evaluated, const std::filesystem::path& file);

}  // namespace inkling

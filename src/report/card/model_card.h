// The README.md of a package (package.h): the model card, with front matter as Hugging Face's Hub
// reads it and snippets that run in the package's folder.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "nn/model.h"
#include "train/run/metrics_file.h"

namespace inkling {

struct ModelCard {
  const Model& model;
  std::string title;
  // A metrics file of the weights (metrics_file.h); null: not evaluated.
  nlohmann::json metrics;
  std::optional<Robustness> robustness;
  std::optional<TrainingScores> training;
  std::string recipe_text;           // recipe.toml; empty: unknown
  std::vector<std::string> figures;  // files in figures/
  std::string example_label;         // the class predicted of example.png
  size_t safetensors_bytes = 0, onnx_bytes = 0;
};

std::string model_card(const ModelCard& card);

// What stands between the two lines of three hyphens; YAML. Its scalars are JSON's, which YAML
// reads alike, one key a line.
std::string front_matter(const ModelCard& card);

std::string_view card_template();
std::string_view license_text();  // of the weights: the project's

}  // namespace inkling

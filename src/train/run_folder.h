// What a training leaves on disk: recipe.toml, history.jsonl, metrics.json, model.safetensors. Each
// file is whole or absent at any instant.
#pragma once

#include <filesystem>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "eval/metrics.h"
#include "store/model_file.h"
#include "train/recipe.h"
#include "train/trainer.h"

namespace inkling {

class RunFolder {
 public:
  // Makes the folder and clears the files of an earlier run in it. Throws Error where that is
  // impossible.
  static RunFolder create(const std::filesystem::path& path);

  void write_recipe(const std::string& toml) const;
  void add_epoch(const EpochRecord& record) const;
  void save(const Model& model) const;
  void write_metrics(const nlohmann::json& metrics, bool test) const;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path model_path() const { return path_ / "model.safetensors"; }

 private:
  explicit RunFolder(std::filesystem::path path) : path_(std::move(path)) {}
  std::filesystem::path path_;
};

// The keys every metrics file has, of a model judged on a split.
nlohmann::json metrics_document(const Metrics& metrics, const Model& model,
                                std::string_view dataset, std::string_view split, double seconds);

// As text, indented; names that are no UTF-8 lose what is none. Throws Error as write_file does.
void write_json(const std::filesystem::path& path, const nlohmann::json& document);

// Adds epochs, best_epoch, train_seconds, images_per_second.
void add_training(nlohmann::json& document, const TrainingResult& result);

}  // namespace inkling

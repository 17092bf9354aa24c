#include "jobs/evaluation/evaluated_images.h"

#include <fmt/core.h>

#include <unordered_set>

#include "base/error.h"
#include "data/formats/index_list.h"
#include "eval/predict.h"
#include "jobs/images/load_images.h"
#include "train/recipe/recipe_file.h"
#include "train/run/run_files.h"
#include "train/training_split.h"

namespace inkling {
namespace {

// What the model says it was trained on. Throws Error (usage) if it says nothing.
ImageSource own_data(const Model& model, const std::filesystem::path& file) {
  ImageSource own = source_of(model.notes);
  if (!names_nothing(own)) return own;
  throw usage_error(
      "--dataset: {} does not say what it was trained on; name a dataset, --images or --pictures",
      file.string());
}

std::string split_of(const std::string& asked, const std::string& otherwise,
                     const ImageSource& data, bool files_are_own) {
  if (!names_files(data)) return asked.empty() ? otherwise : asked;
  if (asked.empty() && files_are_own && otherwise == "validation") return otherwise;
  if (asked == "test" || (asked.empty() && files_are_own)) {
    throw usage_error(
        "{}: these files have no test set; evaluate others with --images or --pictures, or pass "
        "--split validation",
        name_of(data));
  }
  return asked.empty() ? "all" : asked;
}

EvaluatedImages load(const Model& model, const std::filesystem::path& model_file,
                     const ImageSource& data, const std::string& split, ThreadPool& pool,
                     JobObserver& observer) {
  EvaluatedImages images;
  images.split = split;
  images.dataset = load_images(data, split == "test" ? Split::kTest : Split::kTrain,
                               pictures_for(model), pool, observer);
  if (split == "validation") {  // split again as the run's recipe split it
    const Recipe recipe = read_run_recipe(RunFiles::beside(model_file).recipe());
    images.indices = training_split(recipe, images.dataset).validation;
  } else {
    images.indices = all_indices(images.dataset.size());
  }
  return images;
}

}  // namespace

EvaluatedImages evaluated_images(const Model& model, const std::filesystem::path& model_file,
                                 const ImageSource& data, const std::string& asked_split,
                                 const std::string& otherwise, ThreadPool& pool,
                                 JobObserver& observer) {
  const bool own = names_nothing(data);
  ImageSource source = own ? own_data(model, model_file) : data;
  source.data_dir = data.data_dir;
  return load(model, model_file, source, split_of(asked_split, otherwise, source, own), pool,
              observer);
}

std::optional<EvaluatedImages> validation_images(const Model& model,
                                                 const std::filesystem::path& model_file,
                                                 const std::string& data_dir, ThreadPool& pool,
                                                 JobObserver& observer) {
  ImageSource own = source_of(model.notes);
  const std::filesystem::path recipe = RunFiles::beside(model_file).recipe();
  if (names_nothing(own) || !std::filesystem::exists(recipe) ||
      read_run_recipe(recipe).val_fraction == 0) {
    return std::nullopt;
  }
  own.data_dir = data_dir;
  return load(model, model_file, own, "validation", pool, observer);
}

size_t views_of(const Model& model) { return model.predicts_by_views() ? kViews.size() : 1; }

std::string shown_name(const Model& model) {
  const size_t views = views_of(model);
  return views > 1 ? fmt::format("{} (mean of {} views)", model.net->name, views) : model.net->name;
}

void set_temperature_from(const Predictions& validation, Evaluation& evaluation) {
  set_temperature(evaluation, fit_temperature(validation.probabilities, validation.labels,
                                              evaluation.metrics.classes));
}

void set_aside(EvaluatedImages& evaluated, const std::filesystem::path& file) {
  const std::vector<uint32_t> listed = read_index_list(file, evaluated.dataset.size());
  const std::unordered_set<uint32_t> unevaluated(listed.begin(), listed.end());
  const size_t count =
      std::erase_if(evaluated.indices, [&](uint32_t index) { return unevaluated.contains(index); });
  if (evaluated.indices.empty()) {
    throw input_error("{}: sets every image aside, none is left to evaluate", file.string());
  }
  evaluated.aside = {.file = file.string(), .n = count};
}

}  // namespace inkling

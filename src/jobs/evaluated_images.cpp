#include "jobs/evaluated_images.h"

#include <fmt/core.h>

#include <unordered_set>

#include "base/error.h"
#include "data/formats/index_list.h"
#include "eval/predict.h"
#include "jobs/load_images.h"
#include "train/recipe/recipe_file.h"
#include "train/run/run_files.h"
#include "train/training_split.h"

namespace inkling {
namespace {

// What the model says it was trained on. Throws usage Error if it says nothing.
ImageSource own_data(const Model& model, const std::filesystem::path& file) {
  ImageSource own = source_of(model.notes);
  if (!names_nothing(own)) return own;
  throw usage_error(
      "--dataset: {} does not say what it was trained on, name a data set, --images or --pictures",
      file.string());
}

std::string split_of(const std::string& told, const std::string& otherwise, const ImageSource& data,
                     bool files_are_own) {
  if (!names_files(data)) return told.empty() ? otherwise : told;
  if (told.empty() && files_are_own && otherwise == "validation") return otherwise;
  if (told == "test" || (told.empty() && files_are_own)) {
    throw usage_error(
        "{}: these files have no test set; judge other ones by --images or --pictures, or say "
        "--split validation",
        name_of(data));
  }
  return told.empty() ? "all" : told;
}

EvaluatedImages load(const Model& model, const std::filesystem::path& model_file,
                     const ImageSource& data, const std::string& split, ThreadPool& pool,
                     JobObserver& observer) {
  EvaluatedImages images;
  images.split = split;
  images.dataset = load_images(data, split == "test" ? Split::kTest : Split::kTrain,
                               PictureFolderOptions{.height = model.net->input.height,
                                                    .width = model.net->input.width,
                                                    .channels = model.net->input.channels,
                                                    .class_names = model.class_names},
                               pool, observer);
  if (split == "validation") {  // cut again as the run's recipe cut it
    const Recipe recipe = read_run_recipe(RunFiles::beside(model_file).recipe());
    images.indices = training_split(recipe, images.dataset).validation;
  } else {
    images.indices = all_indices(images.dataset.size());
  }
  return images;
}

}  // namespace

EvaluatedImages evaluated_images(const Model& model, const std::filesystem::path& model_file,
                                 const ImageSource& data, const std::string& told_split,
                                 const std::string& otherwise, ThreadPool& pool,
                                 JobObserver& observer) {
  const bool not_told = names_nothing(data);
  ImageSource source = not_told ? own_data(model, model_file) : data;
  source.data_dir = data.data_dir;
  return load(model, model_file, source, split_of(told_split, otherwise, source, not_told), pool,
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

std::string shown_name(const Model& model) {
  return model.predicts_by_views()
             ? fmt::format("{} (mean of {} views)", model.net->name, kViews.size())
             : model.net->name;
}

void set_aside(EvaluatedImages& evaluated, const std::filesystem::path& file) {
  const std::vector<uint32_t> listed = read_index_list(file, evaluated.dataset.size());
  const std::unordered_set<uint32_t> unevaluated(listed.begin(), listed.end());
  const size_t count =
      std::erase_if(evaluated.indices, [&](uint32_t index) { return unevaluated.contains(index); });
  if (evaluated.indices.empty()) {
    throw input_error("{}: sets every image aside, none is left to judge", file.string());
  }
  evaluated.aside = {.file = file.string(), .n = count};
}

}  // namespace inkling

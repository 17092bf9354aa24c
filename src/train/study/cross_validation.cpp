#include "train/study/cross_validation.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/check.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/index.h"
#include "base/random.h"
#include "data/pixel_statistics.h"
#include "data/split.h"
#include "eval/normalisation.h"
#include "eval/predict.h"
#include "train/trainer.h"

namespace inkling {
namespace {

// Small datasets need more epochs for the same number of steps; beyond 20 they only memorise.
int epochs_for(const CrossValidationOptions& options, int fold_images) {
  constexpr int kImagesShown = 200'000;
  if (options.epochs > 0) return options.epochs;
  return std::clamp(kImagesShown / std::max(fold_images, 1), 3, 20);
}

Recipe fold_recipe(const CrossValidationOptions& options, int fold, int images) {
  Recipe recipe;
  recipe.epochs = epochs_for(options, images);
  recipe.batch = options.batch;
  recipe.lr = options.lr;
  recipe.schedule.name = "linear";
  recipe.val_fraction = 0;
  recipe.seed = mix_bits(options.seed ^ mix_bits(narrow<uint64_t>(fold)));
  return recipe;
}

}  // namespace

Architecture quick_network(const Shape& images, int classes) {
  const std::string text = fmt::format(
      R"(name = "quick"
input = [{}, {}, {}]
classes = {}
layers = [
  {{ type = "conv", filters = 16, kernel = 5, stride = 2, padding = "same" }},
  {{ type = "batch_norm" }},
  {{ type = "relu" }},
  {{ type = "conv", filters = 32, kernel = 3, stride = 2, padding = "same" }},
  {{ type = "batch_norm" }},
  {{ type = "relu" }},
  {{ type = "flatten" }},
  {{ type = "dropout", rate = 0.2 }},
  {{ type = "dense", units = 128 }},
  {{ type = "relu" }},
  {{ type = "dense", units = {} }},
]
)",
      images.height, images.width, images.channels, classes, classes);
  return parse_architecture(text, "quick network");
}

CrossValidation cross_validate(
    const Dataset& train, const Dataset* held_out, const CrossValidationOptions& options,
    Engine& engine, const std::function<void(const CrossValidationProgress&)>& progress) {
  expect_labels(train);
  const auto classes = narrow<size_t>(train.classes);
  INKLING_CHECK(held_out == nullptr || held_out->classes == train.classes);
  const Architecture net =
      quick_network({train.height, train.width, train.channels}, train.classes);
  CrossValidation result;
  result.train.resize(train.size() * classes);
  if (held_out != nullptr) result.held_out.resize(held_out->size() * classes);

  const Stopwatch watch;
  int fold_number = 0;
  for (const SplitIndices& fold :
       stratified_folds(train.labels, train.classes, options.folds, options.seed)) {
    const Recipe recipe = fold_recipe(options, fold_number++, count_of(fold.train));
    const PixelStatistics statistics = pixel_statistics(train, fold.train);
    Model model(net, normalisation_of(statistics));
    model.parameters.initialise(recipe.seed);
    const SplitIndices all_to_train{.train = fold.train, .validation = {}};
    Trainer trainer(recipe, model, train, all_to_train, engine);
    const TrainingResult trained = trainer.run(
        {.now = [&] { return watch.seconds(); },
         .progress =
             [&](const TrainingProgress& step) {
               const double epochs = step.epoch - 1 + 1.0 * step.images_done / step.images;
               progress({.fold = fold_number,
                         .folds = options.folds,
                         .fraction = (fold_number - 1 + epochs / step.epochs) / options.folds});
             }});
    result.train_seconds += trained.train_seconds;

    Classifier classifier(*model.net, engine);
    classifier.update(model.parameters);
    const std::vector<float> unseen =
        predict_dataset(classifier, train, fold.validation, statistics);
    for (size_t i = 0; i < fold.validation.size(); ++i) {
      for (size_t c = 0; c < classes; ++c) {
        result.train[fold.validation[i] * classes + c] = unseen[i * classes + c];
      }
    }
    if (held_out == nullptr) continue;
    const std::vector<float> evaluated =
        predict_dataset(classifier, *held_out, all_indices(held_out->size()), statistics);
    for (size_t i = 0; i < evaluated.size(); ++i) {
      result.held_out[i] += evaluated[i] / static_cast<float>(options.folds);
    }
  }
  return result;
}

}  // namespace inkling

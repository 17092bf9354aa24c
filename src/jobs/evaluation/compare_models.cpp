#include "jobs/evaluation/compare_models.h"

#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "data/batches.h"
#include "eval/compare/comparison_json.h"
#include "eval/latency.h"
#include "eval/normalisation.h"
#include "eval/predict.h"
#include "jobs/evaluation/draw_figures.h"
#include "jobs/one_thread.h"
#include "report/figures/run_figures.h"
#include "store/find_model.h"
#include "store/model_file.h"
#include "sys/file.h"
#include "sys/json_file.h"
#include "train/recipe/recipe_file.h"
#include "train/run/metrics_file.h"
#include "train/run/run_files.h"

namespace inkling {
namespace {

struct NamedModel {
  std::string name;
  std::filesystem::path file;
  Model model;
};

// Predictions can be compared only if the classes are the same.
void expect_same_classes(const NamedModel& first, const NamedModel& other) {
  if (first.model.net->classes != other.model.net->classes) {
    throw input_error("{}: expected the {} classes of {}, found {}", other.name,
                      first.model.net->classes, first.name, other.model.net->classes);
  }
  const auto &names = first.model.class_names, &found = other.model.class_names;
  for (size_t c = 0; c < names.size(); ++c) {
    if (names[c] != found[c]) {
      throw input_error("{}: expected class {} to be \"{}\" as in {}, found \"{}\"", other.name, c,
                        names[c], first.name, found[c]);
    }
  }
}

void expect_same_data(const NamedModel& first, const NamedModel& other) {
  const ImageSource a = source_of(first.model.notes), b = source_of(other.model.notes);
  if (record_of(a) == record_of(b)) return;
  throw usage_error(
      "{} was trained on {}, {} on {}: name the images with --dataset, --images or "
      "--pictures",
      first.name, name_of(a), other.name, name_of(b));
}

// What one kept for validation, another may have been trained on.
void expect_same_validation(const NamedModel& first, const NamedModel& other) {
  const auto cut = [](const NamedModel& run) {
    return read_run_recipe(RunFiles::beside(run.file).recipe());
  };
  const Recipe a = cut(first), b = cut(other);
  if (a.seed == b.seed && a.val_fraction == b.val_fraction) return;
  throw usage_error(
      "{} and {} kept different images for validation (seed {}, fraction {} and seed {}, fraction "
      "{}): "
      "compare them with --split test, or on other images",
      first.name, other.name, a.seed, a.val_fraction, b.seed, b.val_fraction);
}

// From the run's metrics.json; none for a bare model file.
std::optional<double> train_seconds_of(const NamedModel& run) {
  const std::filesystem::path path = RunFiles::beside(run.file).metrics();
  if (!std::filesystem::exists(path)) return std::nullopt;
  const std::optional<TrainingScores> training = read_metrics(path).training;
  return training ? std::optional(training->train_seconds) : std::nullopt;
}

// Of one image, as the model predicts: with views, of making and predicting all of them.
double latency_of(const Model& model, const Dataset& dataset, uint32_t image, Engine& alone) {
  constexpr double kSeconds = 0.3;
  const PixelStatistics pixels = statistics_of(model.normalisation);
  const std::span<const uint32_t> one(&image, 1);
  Classifier classifier(*model.net, alone);
  classifier.update(model.parameters);
  if (model.predicts_by_views()) {
    return median(
        call_times([&] { predict_views(classifier, dataset, one, pixels, alone); }, kSeconds));
  }
  std::vector<float> input(model.net->input.size());
  BatchAssembler(dataset, pixels).assemble(one, input.data());
  return median(prediction_times(classifier, input.data(), 1, kSeconds));
}

ComparedModel compared_model_of(EvaluatedModel& evaluated, const Dataset& dataset, Engine& alone) {
  const Model& model = evaluated.model;
  const size_t views = views_of(model);
  const uint32_t first = evaluated.evaluated.predictions.indices.front();
  return {.name = std::move(evaluated.name),
          .model = model.net->name,
          .views = views,
          .parameters = model.net->parameter_count(),
          .flops = static_cast<double>(views) * model.net->flops(),
          .train_seconds = evaluated.train_seconds,
          .latency_s = latency_of(model, dataset, first, alone),
          .predictions = std::move(evaluated.evaluated.predictions),
          .metrics = std::move(evaluated.evaluated.metrics)};
}

void write_comparison(const Comparison& comparison, const std::vector<std::string>& class_names,
                      const std::filesystem::path& out, JobObserver& observer) {
  make_folder(out);
  write_json(out / kComparisonFile, comparison_json(comparison, class_names));
  FigureSheet sheet(out / kFiguresFolder);
  sheet.add(model_comparison(comparison));
  draw_figures(sheet, observer);
}

std::vector<NamedModel> load_models(const CompareRequest& request) {
  std::vector<NamedModel> models;
  for (const std::string& name : request.models) {
    FoundModel found = find_model(name);
    models.push_back({name, std::move(found.file), std::move(found.model)});
    expect_same_classes(models[0], models.back());
    if (names_nothing(request.images)) expect_same_data(models[0], models.back());
  }
  return models;
}

EvaluatedImages common_images(const CompareRequest& request, const std::vector<NamedModel>& models,
                              ThreadPool& pool, JobObserver& observer) {
  EvaluatedImages images = evaluated_images(models[0].model, models[0].file, request.images,
                                            request.split, "validation", pool, observer);
  for (const NamedModel& one : models) {
    if (images.split == "validation") expect_same_validation(models[0], one);
    expect_fit(*one.model.net, images.dataset);
  }
  if (images.indices.empty()) {
    throw usage_error("{}: its run kept no images for validation; pass --split test",
                      models[0].name);
  }
  if (!request.set_aside.empty()) set_aside(images, request.set_aside);
  return images;
}

}  // namespace

ComparedModels compare_models(const CompareRequest& request, Engine& engine,
                              JobObserver& observer) {
  const std::vector<NamedModel> models = load_models(request);
  const EvaluatedImages images = common_images(request, models, engine.pool(), observer);
  std::vector<EvaluatedModel> evaluated;
  for (const NamedModel& one : models) {
    expect_not_cancelled(observer);
    evaluated.push_back({one.name, one.model, train_seconds_of(one),
                         evaluate_split(one.model, images.dataset, images.indices, engine)});
  }
  return {.comparison = compare_evaluated(std::move(evaluated), images.dataset, images.split,
                                          images.aside, request.out, engine, observer),
          .class_names = models[0].model.class_names};
}

Comparison compare_evaluated(std::vector<EvaluatedModel> models, const Dataset& dataset,
                             const std::string& split, const std::optional<SetAside>& aside,
                             const std::filesystem::path& out, Engine& engine,
                             JobObserver& observer) {
  Engine alone(on_one_thread(engine));
  const std::vector<std::string> class_names = models[0].model.class_names;
  std::vector<ComparedModel> compared;
  for (EvaluatedModel& one : models) {
    expect_not_cancelled(observer);
    compared.push_back(compared_model_of(one, dataset, alone));
  }
  Comparison comparison = compare(std::move(compared), dataset.name, split, aside);
  if (!out.empty()) write_comparison(comparison, class_names, out, observer);
  return comparison;
}

}  // namespace inkling

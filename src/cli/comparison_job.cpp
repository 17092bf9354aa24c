#include "cli/comparison_job.h"

#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "cli/judged_images.h"
#include "cli/messages.h"
#include "cli/options/shared_options.h"
#include "data/batches.h"
#include "eval/compare/comparison_json.h"
#include "eval/latency.h"
#include "eval/normalisation.h"
#include "eval/predict.h"
#include "report/figures/run_figures.h"
#include "store/model_file.h"
#include "sys/file.h"
#include "sys/json_file.h"
#include "train/recipe/recipe_file.h"
#include "train/run/metrics_file.h"
#include "train/run/run_files.h"

namespace inkling {
namespace {

struct Entrant {
  std::string name;
  std::filesystem::path file;
  Model model;
};

// Predictions can be compared where the classes are the same ones.
void expect_same_classes(const Entrant& first, const Entrant& other) {
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

void expect_same_data(const Entrant& first, const Entrant& other) {
  const DataOptions a = options_of(first.model.notes), b = options_of(other.model.notes);
  if (record_of(a) == record_of(b)) return;
  throw usage_error(
      "{} was trained on {}, {} on {}: name the images by --dataset, --images or "
      "--pictures",
      first.name, name_of(a), other.name, name_of(b));
}

// What one kept for validation, another may have been trained on.
void expect_same_validation(const Entrant& first, const Entrant& other) {
  const auto cut = [](const Entrant& run) {
    return read_run_recipe(RunFiles::beside(run.file).recipe());
  };
  const Recipe a = cut(first), b = cut(other);
  if (a.seed == b.seed && a.val_fraction == b.val_fraction) return;
  throw usage_error(
      "{} and {} kept different images for validation (seed {}, share {} and seed {}, share {}): "
      "compare them by --split test, or on other images",
      first.name, other.name, a.seed, a.val_fraction, b.seed, b.val_fraction);
}

// From the run's metrics.json; nothing for a bare model file.
std::optional<double> train_seconds_of(const Entrant& run) {
  const std::filesystem::path path = RunFiles::beside(run.file).metrics();
  if (!std::filesystem::exists(path)) return std::nullopt;
  const std::optional<TrainingScores> training = read_metrics(path).training;
  return training ? std::optional(training->train_seconds) : std::nullopt;
}

// Of one image, as the model answers: with views, of all of them and of making them.
double latency_of(const Model& model, const EvaluatedImages& evaluated, Engine& alone) {
  constexpr double kSeconds = 0.3;
  const PixelStatistics pixels = statistics_of(model.normalisation);
  const std::span<const uint32_t> first = std::span(evaluated.indices).first(1);
  Classifier classifier(*model.net, alone);
  classifier.update(model.parameters);
  if (model.predicts_by_views()) {
    return median(call_times(
        [&] { predict_views(classifier, evaluated.dataset, first, pixels, alone); }, kSeconds));
  }
  std::vector<float> image(model.net->input.size());
  BatchAssembler(evaluated.dataset, pixels).assemble(first, image.data());
  return median(prediction_times(classifier, image.data(), 1, kSeconds));
}

ComparedModel compared_model_of(const Entrant& run, const EvaluatedImages& evaluated,
                                Engine& engine, Engine& alone) {
  const Model& model = run.model;
  const size_t views = model.predicts_by_views() ? kViews.size() : 1;
  ComparedModel compared{
      .name = run.name,
      .model = model.net->name,
      .views = views,
      .parameters = model.net->parameter_count(),
      .flops = static_cast<double>(views) * model.net->flops(),
      .train_seconds = train_seconds_of(run),
      .latency_s = latency_of(model, evaluated, alone),
      .predictions = predictions_of(model, evaluated.dataset, evaluated.indices, engine),
      .metrics = {}};
  compared.metrics = compute_metrics(compared.predictions.probabilities,
                                     compared.predictions.labels, model.net->classes);
  return compared;
}

void write_comparison(const Comparison& comparison, const std::vector<std::string>& class_names,
                      const std::filesystem::path& out) {
  make_folder(out);
  write_json(out / kComparisonFile, comparison_json(comparison, class_names));
  FigureSheet sheet(out / kFiguresFolder);
  sheet.add(model_comparison(comparison));
  warn(sheet.draw());
}

}  // namespace

ComparedRuns run_comparison(const ComparisonJob& job) {
  EngineOptions engine_options = job.engine;
  Engine engine(engine_options);
  engine_options.threads = 1;
  Engine alone(engine_options);
  std::vector<Entrant> runs;
  for (const std::string& name : job.runs) {
    const std::filesystem::path file = model_file_of(name);
    runs.push_back({name, file, load_model(file)});
    expect_same_classes(runs[0], runs.back());
    if (names_nothing(job.data)) expect_same_data(runs[0], runs.back());
  }
  EvaluatedImages evaluated = evaluated_images(runs[0].model, runs[0].file, job.data, job.split,
                                               "validation", engine.pool());
  std::vector<ComparedModel> models;
  for (const Entrant& run : runs) {
    if (evaluated.split == "validation") expect_same_validation(runs[0], run);
    expect_fit(*run.model.net, evaluated.dataset);
  }
  if (evaluated.indices.empty()) {
    throw usage_error("{}: its run kept no images for validation; say --split test", job.runs[0]);
  }
  if (!job.set_aside.empty()) set_aside(evaluated, job.set_aside);
  for (const Entrant& run : runs)
    models.push_back(compared_model_of(run, evaluated, engine, alone));
  ComparedRuns compared{.comparison = compare(std::move(models), evaluated.dataset.name,
                                              evaluated.split, evaluated.aside),
                        .class_names = runs[0].model.class_names};
  if (!job.out.empty()) write_comparison(compared.comparison, compared.class_names, job.out);
  return compared;
}

}  // namespace inkling

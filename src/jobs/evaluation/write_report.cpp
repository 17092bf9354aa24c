#include "jobs/evaluation/write_report.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <span>

#include "base/error.h"
#include "eval/compare/comparison_json.h"
#include "eval/data_report/inspection_json.h"
#include "eval/predict.h"
#include "jobs/evaluation/draw_figures.h"
#include "jobs/evaluation/evaluated_images.h"
#include "report/page/run_report.h"
#include "store/find_model.h"
#include "store/model_file.h"
#include "sys/file.h"
#include "train/recipe/recipe_file.h"
#include "train/run/run_files.h"
#include "train/study/ensemble.h"
#include "train/training_split.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;

EvaluatedImages images_of(const RunRecord& record, const Model& model, const fs::path& file,
                          const std::string& data_dir, ThreadPool& pool, JobObserver& observer) {
  const bool test = record.test_metrics.has_value();
  if (!test && !record.members.empty()) {
    throw input_error(
        "{}: an ensemble has no validation images, and its test set was not read; evaluate it with "
        "`inkling evaluate --model {}` first",
        record.folder.string(), record.folder.string());
  }
  EvaluatedImages evaluated = evaluated_images(model, file, {.data_dir = data_dir},
                                               test ? "test" : "", "validation", pool, observer);
  if (evaluated.indices.empty()) {
    throw input_error(
        "{}: the run kept no images for validation, and its test set was not read; evaluate it "
        "with "
        "`inkling evaluate --model {}` first",
        record.folder.string(), record.folder.string());
  }
  return evaluated;
}

// The training file, split as the run split it; an ensemble's is complete. `evaluated` already
// holds it if validation was evaluated.
struct CutTraining {
  std::optional<Dataset> own;
  SplitIndices split;
};

CutTraining cut_training(const Model& model, const fs::path& file, const RunRecord& record,
                         const EvaluatedImages& evaluated, const std::string& data_dir,
                         ThreadPool& pool, JobObserver& observer) {
  CutTraining training;
  if (evaluated.split != "validation") {
    training.own =
        evaluated_images(model, file, {.data_dir = data_dir}, "train", "train", pool, observer)
            .dataset;
  }
  const Dataset& dataset = training.own ? *training.own : evaluated.dataset;
  if (!record.recipe) {  // an ensemble: its members saw different ones
    training.split.train = all_indices(dataset.size());
    return training;
  }
  training.split = training_split(*record.recipe, dataset);
  return training;
}

// A document of a folder that was named, or beside the run, where the pipeline puts it: then only
// if it is about the same data.
template <typename Record>
std::optional<Record> beside(const fs::path& file, bool named, const std::string& dataset,
                             Record (*read)(const fs::path&)) {
  if (!named && !fs::exists(file)) return std::nullopt;
  Record record = read(file);
  if (!named && record.dataset != dataset) return std::nullopt;
  return record;
}

// Whether the run is one of those compared.
bool has_run(const ComparisonRecord& comparison, const fs::path& run) {
  return std::ranges::any_of(comparison.runs, [&](const ComparisonRecord::Run& one) {
    std::error_code ignored;
    return fs::equivalent(one.name, run, ignored);
  });
}

ReportResult describe(const ReportRequest& request, const RunRecord& record,
                      ReportMaterial material, Engine& engine, JobObserver& observer) {
  const Model& model = material.model;
  const RunFiles files{request.run};
  ReportResult result{.model = shown_name(model),
                      .split = std::move(material.split),
                      .evaluation = evaluate_predictions(std::move(material.predictions),
                                                         model.net->classes, model.refuses()),
                      .page = files.page()};
  if (material.validation) set_temperature_from(*material.validation, result.evaluation);
  const EvaluatedRun run{result.model, material.dataset, result.split, result.evaluation,
                         model.class_names};
  expect_not_cancelled(observer);
  const Insight insight = look_inside(model, run, {material.training, material.cut.train}, engine);

  const fs::path around = fs::absolute(request.run).lexically_normal().parent_path();
  const fs::path inspected = request.inspection.empty() ? around / "data" : request.inspection;
  const fs::path compared = request.comparison.empty() ? around : request.comparison;
  const std::string& dataset = material.dataset.name;
  const auto inspection =
      beside(inspected / kInspectionFile, !request.inspection.empty(), dataset, read_inspection);
  auto comparison =
      beside(compared / kComparisonFile, !request.comparison.empty(), dataset, read_comparison);
  if (comparison && !has_run(*comparison, request.run)) comparison.reset();
  RunReport report{.record = record,
                   .net = *model.net,
                   .evaluated = run,
                   .insight = &insight,
                   .training = &material.training,
                   .views = views_of(model),
                   .inspection = inspection,
                   .comparison = comparison,
                   .figure_folders = {files.figures()}};
  if (inspection) report.figure_folders.push_back(inspected / kFiguresFolder);
  if (comparison) report.figure_folders.push_back(compared / kFiguresFolder);

  expect_not_cancelled(observer);
  FigureSheet sheet(files.figures());
  add_run_figures(report, sheet);
  draw_figures(sheet, observer);
  write_file(result.page, report_html(report));
  return result;
}

}  // namespace

ReportResult write_report(const ReportRequest& request, Engine& engine, JobObserver& observer) {
  const fs::path file = model_file_of(request.run.string());
  const Model model = load_model(file);
  const RunRecord record = read_run(request.run, members_of(model, file.string()));
  const EvaluatedImages evaluated =
      images_of(record, model, file, request.data_dir, engine.pool(), observer);
  expect_not_cancelled(observer);
  Predictions predictions = predictions_of(model, evaluated.dataset, evaluated.indices, engine);
  const CutTraining cut =
      cut_training(model, file, record, evaluated, request.data_dir, engine.pool(), observer);
  const Dataset& training = cut.own ? *cut.own : evaluated.dataset;
  std::optional<Predictions> validation;
  if (evaluated.split == "validation") {
    validation = predictions;
  } else if (!cut.split.validation.empty()) {
    validation = predictions_of(model, training, cut.split.validation, engine);
  }
  return describe(request, record,
                  {.model = model,
                   .dataset = evaluated.dataset,
                   .split = evaluated.split,
                   .predictions = std::move(predictions),
                   .training = training,
                   .cut = cut.split,
                   .validation = std::move(validation)},
                  engine, observer);
}

ReportResult write_report(const ReportRequest& request, ReportMaterial material, Engine& engine,
                          JobObserver& observer) {
  return describe(request, read_run(request.run), std::move(material), engine, observer);
}

}  // namespace inkling

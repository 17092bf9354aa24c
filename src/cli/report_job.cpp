#include "cli/report_job.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <span>

#include "base/error.h"
#include "cli/judged_images.h"
#include "cli/messages.h"
#include "cli/options/shared_options.h"
#include "eval/compare/comparison_json.h"
#include "eval/data_report/inspection_json.h"
#include "eval/predict.h"
#include "report/page/run_report.h"
#include "store/model_file.h"
#include "sys/file.h"
#include "sys/json_file.h"
#include "train/recipe/recipe_file.h"
#include "train/run/run_files.h"
#include "train/study/ensemble.h"
#include "train/training_split.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;

EvaluatedImages images_of(const RunRecord& record, const Model& model, const fs::path& file,
                          const std::string& data_dir, ThreadPool& pool) {
  const bool test = record.test_metrics.has_value();
  if (!test && !record.members.empty()) {
    throw input_error(
        "{}: an ensemble has no validation images of its own, and its test set was not read; judge "
        "it by `inkling evaluate --model {}` first",
        record.folder.string(), record.folder.string());
  }
  EvaluatedImages evaluated =
      evaluated_images(model, file, {.data_dir = data_dir}, test ? "test" : "", "validation", pool);
  if (evaluated.indices.empty()) {
    throw input_error(
        "{}: the run kept no images for validation, and its test set was not read; judge it by "
        "`inkling evaluate --model {}` first",
        record.folder.string(), record.folder.string());
  }
  return evaluated;
}

// The training file, cut as the run cut it; an ensemble's is whole. `judged` holds it already where
// validation was judged.
struct CutTraining {
  std::optional<Dataset> own;
  SplitIndices split;
};

CutTraining cut_training(const Model& model, const fs::path& file, const RunRecord& record,
                         const EvaluatedImages& evaluated, const std::string& data_dir,
                         ThreadPool& pool) {
  CutTraining training;
  if (evaluated.split != "validation") {
    training.own =
        evaluated_images(model, file, {.data_dir = data_dir}, "train", "train", pool).dataset;
  }
  const Dataset& dataset = training.own ? *training.own : evaluated.dataset;
  if (!record.recipe) {  // an ensemble: its members saw different ones
    training.split.train = all_indices(dataset.size());
    return training;
  }
  training.split = training_split(*record.recipe, dataset);
  return training;
}

TemperatureFit temperature_of(const Model& model, const Dataset& dataset,
                              std::span<const uint32_t> validation, Engine& engine) {
  const Predictions predictions = predictions_of(model, dataset, validation, engine);
  return fit_temperature(predictions.probabilities, predictions.labels, model.net->classes);
}

// A document that lies beside the run, or in a folder that was named. Of a folder that was not
// named, and so lies where the pipeline puts it, only what is of the same data counts.
template <typename Record>
std::optional<Record> beside(const fs::path& file, bool named, const std::string& dataset,
                             Record (*read)(const fs::path&)) {
  if (!named && !fs::exists(file)) return std::nullopt;
  Record record = read(file);
  if (!named && record.dataset != dataset) return std::nullopt;
  return record;
}

// A comparison speaks of this run only if the run is in it.
bool has_run(const ComparisonRecord& comparison, const fs::path& run) {
  return std::ranges::any_of(comparison.runs, [&](const ComparisonRecord::Run& one) {
    std::error_code ignored;
    return fs::equivalent(one.name, run, ignored);
  });
}

}  // namespace

ReportOutcome run_report_job(const ReportJob& job, Engine& engine) {
  const fs::path file = model_file_of(job.run.string());
  const Model model = load_model(file);
  const RunFiles files{job.run};
  const RunRecord record = read_run(job.run, members_of(model, file.string()));
  const EvaluatedImages evaluated = images_of(record, model, file, job.data_dir, engine.pool());
  ReportOutcome outcome{
      .model = shown_name(model),
      .split = evaluated.split,
      .evaluation = evaluate_predictions(
          predictions_of(model, evaluated.dataset, evaluated.indices, engine), model.net->classes),
      .page = files.page()};
  const CutTraining cut = cut_training(model, file, record, evaluated, job.data_dir, engine.pool());
  const Dataset& training = cut.own ? *cut.own : evaluated.dataset;
  if (!cut.split.validation.empty()) {
    set_temperature(outcome.evaluation,
                    temperature_of(model, training, cut.split.validation, engine));
  }
  const EvaluatedRun run{outcome.model, evaluated.dataset, evaluated.split, outcome.evaluation,
                         model.class_names};
  const Insight insight = look_inside(model, run, {training, cut.split.train}, engine);

  const fs::path around = fs::absolute(job.run).lexically_normal().parent_path();
  const fs::path inspected = job.inspection.empty() ? around / "data" : job.inspection;
  const fs::path compared = job.comparison.empty() ? around : job.comparison;
  const auto inspection = beside(inspected / kInspectionFile, !job.inspection.empty(),
                                 evaluated.dataset.name, read_inspection);
  auto comparison = beside(compared / kComparisonFile, !job.comparison.empty(),
                           evaluated.dataset.name, read_comparison);
  if (comparison && !has_run(*comparison, job.run)) comparison.reset();
  RunReport report{.record = record,
                   .net = *model.net,
                   .evaluated = run,
                   .insight = &insight,
                   .training = &training,
                   .views = model.predicts_by_views() ? kViews.size() : 1,
                   .inspection = inspection,
                   .comparison = comparison,
                   .figure_folders = {files.figures()}};
  if (inspection) report.figure_folders.push_back(inspected / kFiguresFolder);
  if (comparison) report.figure_folders.push_back(compared / kFiguresFolder);

  FigureSheet sheet(files.figures());
  add_run_figures(report, sheet);
  warn(sheet.draw());
  write_file(outcome.page, report_html(report));
  return outcome;
}

}  // namespace inkling

#include "cli/report_job.h"

#include <fmt/core.h>

#include <optional>
#include <span>

#include "base/error.h"
#include "cli/judged_images.h"
#include "cli/messages.h"
#include "cli/options/shared_options.h"
#include "eval/predict.h"
#include "report/page/run_report.h"
#include "store/model_file.h"
#include "sys/file.h"
#include "train/recipe/recipe_file.h"
#include "train/run/json_file.h"
#include "train/training_split.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;

// What `inkling ensemble` put together, by its note; nothing of a model that was trained.
std::vector<std::string> members_of(const Model& model, const fs::path& file) {
  const auto note = model.notes.find("members");
  if (note == model.notes.end()) return {};
  try {
    std::vector<std::string> members;
    for (const nlohmann::json& member : nlohmann::json::parse(note->second)) {
      members.push_back(member.at("model").get<std::string>());
    }
    return members;
  } catch (const nlohmann::json::exception&) {
    throw input_error("{}: expected a list of models in the note \"members\", found {}",
                      file.string(), note->second);
  }
}

EvaluatedImages images_of(const RunRecord& record, const Model& model, const fs::path& file,
                          const std::string& data_dir, ThreadPool& pool) {
  const bool test = record.test_metrics.is_object();
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

CutTraining cut_training(const Model& model, const fs::path& file, bool ensemble,
                         const EvaluatedImages& evaluated, const std::string& data_dir,
                         ThreadPool& pool) {
  CutTraining training;
  if (evaluated.split != "validation") {
    training.own =
        evaluated_images(model, file, {.data_dir = data_dir}, "train", "train", pool).dataset;
  }
  const Dataset& dataset = training.own ? *training.own : evaluated.dataset;
  if (ensemble) {  // its members saw different ones
    training.split.train = all_indices(dataset.size());
    return training;
  }
  training.split = training_split(read_run_recipe(file.parent_path() / "recipe.toml"), dataset);
  return training;
}

TemperatureFit temperature_of(const Model& model, const Dataset& dataset,
                              std::span<const uint32_t> validation, Engine& engine) {
  const Predictions predictions = predictions_of(model, dataset, validation, engine);
  return fit_temperature(predictions.probabilities, predictions.labels, model.net->classes);
}

// A document that lies beside the run, or in a folder that was named.
struct Beside {
  fs::path file;
  nlohmann::json document;  // null: there is none, or it is of other data
};

// Of a folder that was not named, and so lies where the pipeline puts it, only what is of the same
// data counts.
Beside beside(const fs::path& named, const fs::path& usual, const char* name,
              const std::string& dataset) {
  Beside found{.file = (named.empty() ? usual : named) / name, .document = nullptr};
  if (named.empty() && !fs::exists(found.file)) return found;
  found.document = read_json_object(found.file);
  const auto is_of_dataset = [&] { return found.document.value("dataset", "") == dataset; };
  if (named.empty() && !from_document(found.file.string(), is_of_dataset)) found.document = nullptr;
  return found;
}

// A comparison speaks of this run only if the run is in it.
bool has_run(const nlohmann::json& comparison, const fs::path& run) {
  if (!comparison.contains("runs")) return false;
  for (const nlohmann::json& one : comparison["runs"]) {
    std::error_code ignored;
    if (fs::equivalent(one.value("run", ""), run, ignored)) return true;
  }
  return false;
}

}  // namespace

ReportOutcome run_report_job(const ReportJob& job, Engine& engine) {
  const fs::path file = model_file_of(job.run.string());
  const Model model = load_model(file);
  const RunRecord record = read_run(job.run, members_of(model, file));
  const EvaluatedImages evaluated = images_of(record, model, file, job.data_dir, engine.pool());
  ReportOutcome outcome{
      .model = shown_name(model),
      .split = evaluated.split,
      .evaluation = evaluate_predictions(
          predictions_of(model, evaluated.dataset, evaluated.indices, engine), model.net->classes),
      .page = job.run / "report.html"};
  const CutTraining cut =
      cut_training(model, file, !record.members.empty(), evaluated, job.data_dir, engine.pool());
  const Dataset& training = cut.own ? *cut.own : evaluated.dataset;
  if (!cut.split.validation.empty()) {
    set_temperature(outcome.evaluation,
                    temperature_of(model, training, cut.split.validation, engine));
  }
  const EvaluatedRun run{outcome.model, evaluated.dataset, evaluated.split, outcome.evaluation,
                         model.class_names};
  const Insight insight = look_inside(model, run, {training, cut.split.train}, engine);

  const fs::path around = fs::absolute(job.run).lexically_normal().parent_path();
  Beside inspection =
      beside(job.inspection, around / "data", "inspect.json", evaluated.dataset.name);
  Beside comparison = beside(job.comparison, around, "comparison.json", evaluated.dataset.name);
  const auto speaks_of_run = [&] { return has_run(comparison.document, job.run); };
  if (!from_document(comparison.file.string(), speaks_of_run)) comparison.document = nullptr;
  RunReport report{.record = record,
                   .net = *model.net,
                   .evaluated = run,
                   .insight = &insight,
                   .training = &training,
                   .views = model.predicts_by_views() ? kViews.size() : 1,
                   .inspection = inspection.document,
                   .comparison = comparison.document,
                   .inspection_file = inspection.file,
                   .comparison_file = comparison.file,
                   .figure_folders = {job.run / "figures"}};
  for (const Beside* other : {&inspection, &comparison}) {
    if (other->document.is_object()) {
      report.figure_folders.push_back(other->file.parent_path() / "figures");
    }
  }

  FigureSheet sheet(job.run / "figures");
  add_run_figures(report, sheet);
  warn(sheet.draw());
  write_file(outcome.page, report_html(report));
  return outcome;
}

}  // namespace inkling

#include "jobs/write_report.h"

#include <fmt/core.h>

#include <optional>
#include <span>

#include "base/error.h"
#include "jobs/evaluated_images.h"
#include "report/page/run_report.h"
#include "store/find_model.h"
#include "sys/file.h"
#include "train/predictions_of.h"
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
                          const std::string& data_dir, ThreadPool& pool, JobObserver& observer) {
  const bool test = record.test_metrics.is_object();
  if (!test && !record.members.empty()) {
    throw input_error(
        "{}: an ensemble has no validation images of its own, and its test set was not read; judge "
        "it by `inkling evaluate --model {}` first",
        record.folder.string(), record.folder.string());
  }
  EvaluatedImages evaluated = evaluated_images(model, file, {.data_dir = data_dir},
                                               test ? "test" : "", "validation", pool, observer);
  if (evaluated.indices.empty()) {
    throw input_error(
        "{}: the run kept no images for validation, and its test set was not read; judge it by "
        "`inkling evaluate --model {}` first",
        record.folder.string(), record.folder.string());
  }
  return evaluated;
}

// The training file, cut as the run cut it; an ensemble's is whole. `evaluated` holds it already
// where validation was evaluated.
struct CutTraining {
  std::optional<Dataset> own;
  SplitIndices split;
};

CutTraining cut_training(const Model& model, const fs::path& file, bool ensemble,
                         const EvaluatedImages& evaluated, const std::string& data_dir,
                         ThreadPool& pool, JobObserver& observer) {
  CutTraining training;
  if (evaluated.split != "validation") {
    training.own =
        evaluated_images(model, file, {.data_dir = data_dir}, "train", "train", pool, observer)
            .dataset;
  }
  const Dataset& dataset = training.own ? *training.own : evaluated.dataset;
  if (ensemble) {  // its members saw different ones
    training.split.train = all_indices(dataset.size());
    return training;
  }
  training.split = training_split(read_run_recipe(file.parent_path() / "recipe.toml"), dataset);
  return training;
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

ReportResult describe(const ReportRequest& request, const RunRecord& record,
                      ReportMaterial material, Engine& engine, JobObserver& observer) {
  const Model& model = material.model;
  ReportResult result{
      .model = shown_name(model),
      .split = std::move(material.split),
      .evaluation = evaluate_predictions(std::move(material.predictions), model.net->classes),
      .page = request.run / "report.html"};
  if (material.validation) {
    set_temperature(result.evaluation,
                    fit_temperature(material.validation->probabilities, material.validation->labels,
                                    model.net->classes));
  }
  const EvaluatedRun run{result.model, material.dataset, result.split, result.evaluation,
                         model.class_names};
  const Insight insight = look_inside(model, run, {material.training, material.cut.train}, engine);

  const fs::path around = fs::absolute(request.run).lexically_normal().parent_path();
  const std::string& dataset = material.dataset.name;
  Beside inspection = beside(request.inspection, around / "data", "inspect.json", dataset);
  Beside comparison = beside(request.comparison, around, "comparison.json", dataset);
  const auto speaks_of_run = [&] { return has_run(comparison.document, request.run); };
  if (!from_document(comparison.file.string(), speaks_of_run)) comparison.document = nullptr;
  RunReport report{.record = record,
                   .net = *model.net,
                   .evaluated = run,
                   .insight = &insight,
                   .training = &material.training,
                   .views = model.predicts_by_views() ? kViews.size() : 1,
                   .inspection = inspection.document,
                   .comparison = comparison.document,
                   .inspection_file = inspection.file,
                   .comparison_file = comparison.file,
                   .figure_folders = {request.run / "figures"}};
  for (const Beside* other : {&inspection, &comparison}) {
    if (other->document.is_object()) {
      report.figure_folders.push_back(other->file.parent_path() / "figures");
    }
  }

  FigureSheet sheet(request.run / "figures");
  add_run_figures(report, sheet);
  if (const std::string trouble = sheet.draw(); !trouble.empty()) observer.warning(trouble);
  write_file(result.page, report_html(report));
  return result;
}

}  // namespace

ReportResult write_report(const ReportRequest& request, Engine& engine, JobObserver& observer) {
  const fs::path file = model_file_of(request.run.string());
  const Model model = load_model(file);
  const RunRecord record = read_run(request.run, members_of(model, file));
  const EvaluatedImages evaluated =
      images_of(record, model, file, request.data_dir, engine.pool(), observer);
  Predictions predictions = predictions_of(model, evaluated.dataset, evaluated.indices, engine);
  const CutTraining cut = cut_training(model, file, !record.members.empty(), evaluated,
                                       request.data_dir, engine.pool(), observer);
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

#include "cli/report_job.h"

#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/file.h"
#include "cli/judged_images.h"
#include "cli/shared_options.h"
#include "report/run_report.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;

JudgedImages images_of(const RunRecord& record, const Model& model, const fs::path& file,
                       const std::string& data_dir) {
  const bool test = record.test_metrics.is_object();
  JudgedImages judged =
      judged_images(model, file, {.data_dir = data_dir}, test ? "test" : "", "validation");
  if (judged.indices.empty()) {
    throw input_error(
        "{}: the run kept no images for validation, and its test set was not read; judge it by "
        "`inkling evaluate --model {}` first",
        record.folder.string(), record.folder.string());
  }
  return judged;
}

void add_temperature(const Model& model, const fs::path& file, const JudgedImages& judged,
                     const std::string& data_dir, Classifier& classifier, Evaluation& evaluation) {
  const int classes = model.net->classes;
  if (judged.split == "validation") {
    set_temperature(evaluation, fit_temperature(evaluation.answers.probabilities,
                                                evaluation.answers.labels, classes));
    return;
  }
  const auto kept = validation_images(model, file, data_dir);
  if (!kept) return;
  const Answers answers =
      answers_on(classifier, kept->dataset, kept->indices, {model.mean, model.sd});
  set_temperature(evaluation, fit_temperature(answers.probabilities, answers.labels, classes));
}

// The document of a folder that was named, or of one that lies where the pipeline puts it and is of
// the same data.
nlohmann::json beside(const fs::path& named, const fs::path& usual, const char* file,
                      const std::string& dataset) {
  if (!named.empty()) return read_json_file(named / file);
  if (!fs::exists(usual / file)) return nullptr;
  nlohmann::json document = read_json_file(usual / file);
  return document.value("dataset", "") == dataset ? document : nlohmann::json();
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
  const RunRecord record = read_run(job.run);
  const fs::path file = model_file_of(job.run.string());
  const Model model = load_model(file);
  const JudgedImages judged = images_of(record, model, file, job.data_dir);
  Classifier classifier(*model.net, engine);
  classifier.update(model.parameters);
  ReportOutcome outcome{
      .model = model.net->name,
      .split = judged.split,
      .evaluation = evaluate_answers(
          answers_on(classifier, judged.dataset, judged.indices, {model.mean, model.sd}),
          model.net->classes),
      .page = job.run / "report.html"};
  add_temperature(model, file, judged, job.data_dir, classifier, outcome.evaluation);

  const fs::path around = fs::absolute(job.run).lexically_normal().parent_path();
  const fs::path inspection = job.inspection.empty() ? around / "data" : job.inspection;
  const fs::path comparison = job.comparison.empty() ? around : job.comparison;
  RunReport report{
      .record = record,
      .net = *model.net,
      .judged = {outcome.model, judged.dataset, judged.split, outcome.evaluation,
                 model.class_names},
      .inspection = beside(job.inspection, inspection, "inspect.json", judged.dataset.name),
      .comparison = beside(job.comparison, comparison, "comparison.json", judged.dataset.name),
      .figure_folders = {job.run / "figures"}};
  if (!has_run(report.comparison, job.run)) report.comparison = nullptr;
  if (report.inspection.is_object()) report.figure_folders.push_back(inspection / "figures");
  if (report.comparison.is_object()) report.figure_folders.push_back(comparison / "figures");

  FigureSheet sheet(job.run / "figures");
  add_run_figures(report, sheet);
  const std::string warning = sheet.draw();
  if (!warning.empty()) fmt::print(stderr, "inkling: warning: {}\n", warning);
  write_file(outcome.page, report_html(report));
  return outcome;
}

}  // namespace inkling

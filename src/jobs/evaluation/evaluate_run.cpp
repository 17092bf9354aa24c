#include "jobs/evaluation/evaluate_run.h"

#include <fmt/core.h>

#include "base/error.h"
#include "eval/metrics/evaluation_json.h"
#include "eval/normalisation.h"
#include "eval/predict.h"
#include "eval/robustness/robustness_json.h"
#include "jobs/evaluation/draw_figures.h"
#include "jobs/evaluation/evaluated_images.h"
#include "report/figures/insight_figures.h"
#include "store/find_model.h"
#include "store/model_file.h"
#include "sys/file.h"
#include "sys/json_file.h"
#include "train/run/metrics_file.h"
#include "train/run/run_files.h"

namespace inkling {
namespace {

// Fits a temperature on the validation images of the model's run: those just evaluated, or else
// read for it. If they cannot be read, there is none.
void fit_temperature_of(const Model& model, const std::filesystem::path& model_file,
                        const EvaluatedImages& evaluated, const std::string& data_dir,
                        Engine& engine, JobObserver& observer, Evaluation& evaluation) {
  if (evaluated.split == "validation") {
    set_temperature_from(evaluation.predictions, evaluation);
    return;
  }
  try {
    const auto kept = validation_images(model, model_file, data_dir, engine.pool(), observer);
    if (!kept) return;
    set_temperature_from(predictions_of(model, kept->dataset, kept->indices, engine), evaluation);
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::kInterrupted) throw;
    observer.warning(fmt::format("no temperature is fitted: {}", error.what()));
  }
}

Robustness robustness_of(const Model& model, const EvaluatedImages& evaluated, Engine& engine,
                         JobObserver& observer) {
  Stage stage(observer, "evaluating corrupted images");
  return measure_robustness({.net = model.net.get(),
                             .parameters = &model.parameters,
                             .statistics = statistics_of(model.normalisation)},
                            evaluated.dataset, evaluated.indices, engine, {},
                            [&](double fraction) { stage.progress(fraction); });
}

nlohmann::json document_of(const EvaluateResult& result, const Model& model) {
  nlohmann::json document = metrics_document(result.evaluation.metrics, model, result.dataset,
                                             result.split, result.evaluation.predictions.seconds);
  document.update(evaluation_json(result.evaluation));
  if (result.robustness) document["robustness"] = robustness_json(*result.robustness);
  if (result.aside) document["set_aside"] = set_aside_json(*result.aside);
  return document;
}

void write_results(const EvaluateResult& result, const EvaluatedRun& run,
                   const std::filesystem::path& out, JobObserver& observer) {
  make_folder(out);
  const RunFiles files{out};
  write_json(files.metrics(), result.document);
  FigureSheet sheet(files.figures());
  add_prediction_figures(run, sheet);
  add_robustness_figures(result.robustness ? &*result.robustness : nullptr, run.source(), sheet);
  draw_figures(sheet, observer);
}

}  // namespace

bool choose_views(ViewChoice choice, Model& model) {
  const bool several = choice == ViewChoice::kSeveral;
  if (choice == ViewChoice::kAsTrained || several == model.predicts_by_views()) return true;
  model.predict_by_views(several);
  return false;
}

EvaluateResult evaluate_run(const EvaluateRequest& request, Engine& engine, JobObserver& observer) {
  auto [model, file] = find_model(request.model);
  const bool as_trained = choose_views(request.views, model);
  if (request.robustness && model.predicts_by_views()) {
    throw usage_error("evaluate: --robustness uses one view of each image: {}",
                      request.views == ViewChoice::kSeveral ? "leave out --tta" : "add --one-view");
  }
  EvaluatedImages evaluated =
      evaluated_images(model, file, request.images, request.split, "test", engine.pool(), observer);
  if (!request.set_aside.empty()) set_aside(evaluated, request.set_aside);
  expect_not_cancelled(observer);

  EvaluateResult result{.network = model.net->name,
                        .class_names = model.class_names,
                        .dataset = evaluated.dataset.name,
                        .split = evaluated.split,
                        .aside = evaluated.aside,
                        .views = views_of(model),
                        .evaluation = evaluate_predictions(
                            predictions_of(model, evaluated.dataset, evaluated.indices, engine),
                            model.net->classes, model.refuses()),
                        .robustness = {},
                        .document = {}};
  expect_not_cancelled(observer);
  fit_temperature_of(model, file, evaluated, request.images.data_dir, engine, observer,
                     result.evaluation);
  if (request.robustness) result.robustness = robustness_of(model, evaluated, engine, observer);
  result.document = document_of(result, model);
  if (!request.json.empty()) write_json(request.json, result.document);
  // Kept in the run folder only for its own complete test set, predicted as its recipe says.
  if (evaluated.split == "test" && !evaluated.aside && as_trained &&
      source_of(model.notes).dataset == evaluated.dataset.name &&
      std::filesystem::is_directory(request.model)) {
    write_json(RunFiles{request.model}.test_metrics(), result.document);
  }
  if (!request.out.empty()) {
    const std::string name = shown_name(model);
    write_results(result,
                  {name, evaluated.dataset, evaluated.split, result.evaluation, model.class_names},
                  request.out, observer);
  }
  return result;
}

}  // namespace inkling

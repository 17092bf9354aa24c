// inkling evaluate
#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "base/clock.h"
#include "base/error.h"
#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/judged_images.h"
#include "cli/messages.h"
#include "cli/options/data_options.h"
#include "cli/options/shared_options.h"
#include "cli/progress.h"
#include "eval/metrics/evaluation_json.h"
#include "eval/metrics/evaluation_text.h"
#include "eval/metrics/metrics_text.h"
#include "eval/normalisation.h"
#include "eval/predict.h"
#include "eval/robustness/robustness.h"
#include "eval/robustness/robustness_json.h"
#include "eval/robustness/robustness_text.h"
#include "report/figures/insight_figures.h"
#include "store/model_file.h"
#include "sys/file.h"
#include "sys/json_file.h"
#include "train/run/metrics_file.h"
#include "train/run/run_files.h"
#include "train/run/run_folder.h"

namespace inkling {
namespace {

// Fits a temperature on the validation images of the model's run: those judged, or others that are
// read for it. Where they cannot be had the rest stands without.
void fit_temperature_of(const Model& model, const std::filesystem::path& model_file,
                        const EvaluatedImages& evaluated, const std::string& data_dir,
                        Engine& engine, Evaluation& evaluation) {
  if (evaluated.split == "validation") {
    const Predictions& predictions = evaluation.predictions;
    set_temperature(evaluation, fit_temperature(predictions.probabilities, predictions.labels,
                                                evaluation.metrics.classes));
    return;
  }
  try {
    const auto kept = validation_images(model, model_file, data_dir, engine.pool());
    if (!kept) return;
    const Predictions predictions = predictions_of(model, kept->dataset, kept->indices, engine);
    set_temperature(evaluation, fit_temperature(predictions.probabilities, predictions.labels,
                                                evaluation.metrics.classes));
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::kInterrupted) throw;
    say("inkling: warning: no temperature is fitted: {}\n", error.what());
  }
}

Robustness robustness_of(const Model& model, const EvaluatedImages& evaluated, Engine& engine) {
  constexpr std::string_view kStage = "judging worse pictures";
  StageDisplay display;
  display.stage(kStage);
  return measure_robustness({.net = model.net.get(),
                             .parameters = &model.parameters,
                             .statistics = statistics_of(model.normalisation)},
                            evaluated.dataset, evaluated.indices, engine, {},
                            [&](double fraction) { display.fraction(kStage, fraction); });
}

void print_evaluation(const Evaluation& evaluation, const Model& model,
                      const EvaluatedImages& evaluated) {
  const Metrics& metrics = evaluation.metrics;
  fmt::print("{} on {} {} ({} images)\n", model.net->name, evaluated.dataset.name, evaluated.split,
             metrics.n);
  if (evaluated.aside) fmt::print("{}\n", set_aside_text(*evaluated.aside));
  if (model.predicts_by_views()) {
    fmt::print("the mean of the answers to {} views of each\n", kViews.size());
  }
  fmt::print("\naccuracy     {} (95 % interval {:.2f} to {:.2f}, Wilson)\n",
             percent(metrics.accuracy), 100 * metrics.accuracy_ci95.low,
             100 * metrics.accuracy_ci95.high);
  fmt::print("loss         {:.4f}\n", metrics.loss);
  fmt::print("macro        precision {:.4f}, recall {:.4f}, F1 {:.4f}\n", metrics.macro.precision,
             metrics.macro.recall, metrics.macro.f1);
  fmt::print("{}", evaluation_text(evaluation, model.class_names));
  fmt::print("speed        {} images/s\n\n",
             grouped(static_cast<size_t>(static_cast<double>(metrics.n) /
                                         evaluation.predictions.seconds)));
  fmt::print("{}\n", classification_report(metrics, model.class_names));
  fmt::print("confusion matrix (rows: true, columns: predicted)\n{}",
             confusion_table(metrics, model.class_names));
}

void draw_predictions(const EvaluatedRun& run, const std::optional<Robustness>& robustness,
                      const std::filesystem::path& folder) {
  FigureSheet sheet(folder);
  add_prediction_figures(run, sheet);
  add_robustness_figures(robustness ? &*robustness : nullptr, run.source(), sheet);
  warn(sheet.draw());
}

}  // namespace

int run_evaluate(const Arguments& arguments) {
  std::string model_path, told_split, aside, json, out;
  bool robustness = false, tta = false, one_view = false;
  DataOptions data;
  EngineOptions engine_options;
  CommandLine line(
      "evaluate",
      "Judge a trained network on labelled images: accuracy, calibration, what refusing\n"
      "the least sure answers brings, which classes it confuses.");
  line.text("--model", model_path, "run folder or model file");
  add_data_options(line, data, "the model's own");
  line.choice("--split", told_split, {"train", "validation", "test"},
              "which of the images [of a data set: test; of files: all]");
  line.text("--set-aside", aside,
            "file of image indices, one a line, that are not judged; metrics-test.json then stays");
  line.text("--json", json, "write the metrics to this file too");
  line.text("--out", out, "folder for metrics.json and figures/");
  line.flag("--robustness", robustness,
            "on worse pictures too: 15 corruptions, rotation, shift, scale, an attack");
  line.flag(
      "--tta", tta,
      fmt::format("answer by the mean over {} views of each image, shifted, turned and scaled "
                  "a little, as a recipe's tta does",
                  kViews.size()));
  line.flag("--one-view", one_view,
            "answer by each image as it is, whatever the model's recipe says");
  add_engine_options(line, engine_options);
  if (!line.parse(arguments)) return kDone;
  if (model_path.empty()) throw usage_error("evaluate: --model is missing");
  if (tta && one_view) throw usage_error("evaluate: --tta and --one-view exclude each other");
  require_one_source(data);

  Engine engine(engine_options);
  const std::filesystem::path file = model_file_of(model_path);
  Model model = load_model(file);
  const bool its_own_way = (!tta && !one_view) || tta == model.predicts_by_views();
  if (!its_own_way) model.predict_by_views(tta);
  if (robustness && model.predicts_by_views()) {
    throw usage_error("evaluate: --robustness judges one view of each picture: {}",
                      tta ? "leave out --tta" : "add --one-view");
  }
  EvaluatedImages evaluated =
      evaluated_images(model, file, data, told_split, "test", engine.pool());
  if (!aside.empty()) set_aside(evaluated, aside);
  Evaluation evaluation = evaluate_predictions(
      predictions_of(model, evaluated.dataset, evaluated.indices, engine), model.net->classes);
  fit_temperature_of(model, file, evaluated, data.data_dir, engine, evaluation);

  std::optional<Robustness> worse;
  if (robustness) worse = robustness_of(model, evaluated, engine);

  nlohmann::json document = metrics_document(evaluation.metrics, model, evaluated.dataset.name,
                                             evaluated.split, evaluation.predictions.seconds);
  document.update(evaluation_json(evaluation));
  if (worse) document["robustness"] = robustness_json(*worse);
  if (evaluated.aside) document["set_aside"] = set_aside_json(*evaluated.aside);
  if (!json.empty()) write_json(json, document);
  // The run keeps the figures of its own whole test set in its own way, not of any other.
  if (evaluated.split == "test" && !evaluated.aside && its_own_way &&
      options_of(model.notes).dataset == evaluated.dataset.name &&
      std::filesystem::is_directory(model_path)) {
    write_json(RunFiles{model_path}.test_metrics(), document);
  }
  print_evaluation(evaluation, model, evaluated);
  if (!out.empty()) {
    make_folder(out);
    const RunFiles files{out};
    write_json(files.metrics(), document);
    draw_predictions(
        {shown_name(model), evaluated.dataset, evaluated.split, evaluation, model.class_names},
        worse, files.figures());
  }
  if (worse) fmt::print("\n{}", robustness_text(*worse));
  return kDone;
}

}  // namespace inkling

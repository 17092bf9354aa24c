// inkling evaluate
#include <fmt/core.h>

#include "base/error.h"
#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/options/data_options.h"
#include "cli/options/shared_options.h"
#include "cli/terminal_observer.h"
#include "cli/text/evaluate_text.h"
#include "jobs/evaluation/evaluate_run.h"

namespace inkling {

int run_evaluate(const Arguments& arguments) {
  EvaluateRequest request;
  std::string aside, json, out;
  bool tta = false, one_view = false;
  EngineOptions engine_options;
  CommandLine line(
      "evaluate",
      "Evaluate a trained network on labelled images: accuracy, calibration, the accuracy gained\n"
      "by rejecting the least confident predictions, and which classes it confuses.");
  line.text("--model", request.model,
            "run folder, package, file, hf://OWNER/NAME, URL, or reader, the built-in one");
  add_data_options(line, request.images, "the model's own");
  line.choice("--split", request.split, {"train", "validation", "test"},
              "which images [of a dataset: test; of files: all]");
  line.text("--set-aside", aside,
            "file of image indices to exclude, one per line; metrics-test.json is then left alone");
  line.text("--json", json, "write the metrics to this file too");
  line.text("--out", out, "folder for metrics.json and figures/");
  line.flag("--robustness", request.robustness,
            "also on corrupted images: 15 corruptions, rotation, shift, scale, an attack");
  line.flag(
      "--tta", tta,
      fmt::format("predict the mean over {} views of each image, slightly shifted, rotated and "
                  "scaled, as a recipe's tta does",
                  kViews.size()));
  line.flag("--one-view", one_view,
            "predict from each image as it is, whatever the model's recipe says");
  add_engine_options(line, engine_options);
  if (!line.parse(arguments)) return kDone;
  if (request.model.empty()) throw usage_error("evaluate: --model is missing");
  if (tta && one_view) throw usage_error("evaluate: --tta and --one-view are mutually exclusive");
  require_one_source(request.images);

  request.set_aside = aside;
  request.json = json;
  request.out = out;
  if (tta) request.views = ViewChoice::kSeveral;
  if (one_view) request.views = ViewChoice::kOne;

  Engine engine(engine_options);
  TerminalObserver observer;
  const EvaluateResult result = evaluate_run(request, engine, observer);
  fmt::print("{}", evaluate_text(result));
  return kDone;
}

}  // namespace inkling

// inkling predict
#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/messages.h"
#include "cli/options/shared_options.h"
#include "cli/terminal_observer.h"
#include "cli/text/reading_text.h"
#include "eval/predict.h"
#include "jobs/images/predict_pictures.h"

namespace inkling {

int run_predict(const Arguments& arguments) {
  PredictRequest request;
  std::string show;
  bool json = false, tta = false, one_view = false;
  std::string form;
  EngineOptions engine_options;
  CommandLine line("predict",
                   "Classify pictures of one digit each: photos, scans and drawings of any size.\n"
                   "The ink is found, dark or light, and what is not a digit is refused. A model\n"
                   "trained on pictures that are not in MNIST's form takes the whole picture\n"
                   "instead, scaled to its input size.");
  line.text("--model", request.model,
            "run folder, package, file, hf://OWNER/NAME or URL (default: the built-in reader)");
  line.text("--form", form, "ink or whole, however the model was trained");
  line.flag("--json", json, "print a line of JSON per picture");
  line.flag("--tta", tta,
            fmt::format("predict the mean over {} views of the picture", kViews.size()));
  line.flag("--one-view", one_view,
            "predict from the picture as it is, whatever the model's recipe says");
  line.text("--show", show,
            "folder for a figure of each picture's steps: ink, digit, saliency, probabilities");
  add_engine_options(line, engine_options);
  line.positionals("PICTURE", request.pictures, true,
                   "picture files, folders of them, quoted patterns, - for standard input");
  if (!line.parse(arguments)) return kDone;
  if (tta && one_view) throw usage_error("predict: --tta and --one-view are mutually exclusive");

  if (!form.empty() && form != "ink" && form != "whole") {
    throw usage_error("predict: --form: expected ink or whole, found \"{}\"", form);
  }
  if (!form.empty()) request.form = form == "ink" ? InputForm::kFindInk : InputForm::kTakeWhole;
  if (tta) request.views = ViewChoice::kSeveral;
  if (one_view) request.views = ViewChoice::kOne;

  request.show = show;
  Engine engine(engine_options);
  TerminalObserver observer;
  int code = kDone;
  predict_pictures(request, engine, observer, [&](const PicturePrediction& result) {
    if (!result.trouble.empty()) {
      say("inkling: {}\n", result.trouble);
      code = kFailed;
    }
    fmt::print("{}\n", json ? json_line(result.file, to_json(result.prediction))
                            : text_line(result.file, result.prediction));
  });
  return code;
}

}  // namespace inkling

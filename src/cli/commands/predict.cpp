// inkling predict
#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/index.h"
#include "base/json.h"
#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/messages.h"
#include "cli/options/shared_options.h"
#include "cli/terminal_observer.h"
#include "eval/predict.h"
#include "jobs/images/predict_pictures.h"

namespace inkling {
namespace {

const char* reason_of(const PicturePrediction& prediction) {
  return prediction.reason == Refusal::kBlank ? "blank" : "unreadable";
}

std::string json_line(const PicturePrediction& prediction) {
  nlohmann::ordered_json line = {{"file", prediction.file}, {"digit", nullptr}};
  if (prediction.is_read()) {
    line["digit"] = prediction.digit;
    line["label"] = prediction.label;
    line["confidence"] = at(prediction.p, prediction.digit);
    line["probabilities"] = prediction.p;
    if (const std::optional<PixelBox>& box = prediction.box) {
      line["box"] = {box->left, box->top, box->width(), box->height()};
    }
  } else {
    line["reason"] = reason_of(prediction);
  }
  return json_text(line);
}

std::string text_line(const PicturePrediction& prediction) {
  if (!prediction.is_read()) return fmt::format("{}: {}", prediction.file, reason_of(prediction));
  return fmt::format("{}: {} ({:.1f} %)", prediction.file, prediction.label,
                     100.0 * at(prediction.p, prediction.digit));
}

}  // namespace

int run_predict(const Arguments& arguments) {
  PredictRequest request;
  bool json = false, tta = false, one_view = false;
  std::string form;
  EngineOptions engine_options{.threads = 1};
  CommandLine line(
      "predict",
      "Classify pictures of one digit each: photos, scans and drawings of any size. A model "
      "trained on digits in MNIST's form finds the ink, dark or light; any other takes the whole "
      "picture, "
      "scaled to its input size.");
  line.text("--model", request.model, "run folder or model file");
  line.text("--form", form, "ink or whole, however the model was trained");
  line.flag("--json", json, "print a line of JSON per picture");
  line.flag("--tta", tta,
            fmt::format("predict the mean over {} views of the picture", kViews.size()));
  line.flag("--one-view", one_view,
            "predict from the picture as it is, whatever the model's recipe says");
  add_engine_options(line, engine_options);
  line.positionals("PICTURE", request.pictures, true, "picture files");
  if (!line.parse(arguments)) return kDone;
  if (request.model.empty()) throw usage_error("predict: --model is missing");
  if (tta && one_view) throw usage_error("predict: --tta and --one-view are mutually exclusive");

  if (!form.empty() && form != "ink" && form != "whole") {
    throw usage_error("predict: --form: expected ink or whole, found \"{}\"", form);
  }
  if (!form.empty()) request.form = form == "ink" ? InputForm::kFindInk : InputForm::kTakeWhole;
  if (tta) request.views = ViewChoice::kSeveral;
  if (one_view) request.views = ViewChoice::kOne;

  Engine engine(engine_options);
  TerminalObserver observer;
  int code = kDone;
  predict_pictures(request, engine, observer, [&](const PicturePrediction& prediction) {
    if (prediction.reason == Refusal::kUnreadable) {
      say("inkling: {}\n", prediction.trouble);
      code = kFailed;
    }
    fmt::print("{}\n", json ? json_line(prediction) : text_line(prediction));
  });
  return code;
}

}  // namespace inkling

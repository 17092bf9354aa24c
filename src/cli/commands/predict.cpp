// inkling predict
#include <fmt/core.h>

#include <algorithm>
#include <optional>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/json.h"
#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/messages.h"
#include "cli/options/shared_options.h"
#include "cli/whole_picture.h"
#include "eval/metrics/metrics.h"
#include "eval/normalisation.h"
#include "eval/predict.h"
#include "store/model_file.h"

namespace inkling {
int run_predict(const Arguments& arguments) {
  std::string model_name;
  bool json = false, tta = false, one_view = false;
  std::vector<std::string> pictures;
  EngineOptions engine_options{.threads = 1};
  CommandLine line(
      "predict",
      "Read pictures of one digit each, of the network's own size (28x28, light on dark).");
  line.text("--model", model_name, "run folder or model file");
  line.flag("--json", json, "a line of JSON a picture");
  line.flag("--tta", tta,
            fmt::format("answer by the mean over {} views of the picture", kViews.size()));
  line.flag("--one-view", one_view,
            "answer by the picture as it is, whatever the model's recipe says");
  add_engine_options(line, engine_options);
  line.positionals("PICTURE", pictures, true, "picture files");
  if (!line.parse(arguments)) return kDone;
  if (model_name.empty()) throw usage_error("predict: --model is missing");
  if (tta && one_view) throw usage_error("predict: --tta and --one-view exclude each other");

  Engine engine(engine_options);
  const Model model = load_model(model_file_of(model_name));
  const bool views = tta || (model.predicts_by_views() && !one_view);
  Classifier classifier(*model.net, engine);
  classifier.update(model.parameters);
  const PixelStatistics pixels = statistics_of(model.normalisation);
  const std::vector<uint32_t> first = all_indices(1);
  int code = kDone;
  for (const std::string& file : pictures) {
    nlohmann::ordered_json prediction = {{"file", file}, {"digit", nullptr}};
    std::optional<Dataset> picture;
    try {
      picture = whole_picture(file, *model.net);
    } catch (const Error& error) {
      say("inkling: {}\n", error.what());
      prediction["reason"] = "unreadable";
      code = kFailed;
    }
    if (picture) {
      const std::vector<float> p = views
                                       ? predict_views(classifier, *picture, first, pixels, engine)
                                       : predict_dataset(classifier, *picture, first, pixels);
      expect_numbers(*model.net, p);
      const int digit = predicted_class(p);
      prediction["digit"] = digit;
      prediction["label"] = model.class_names[static_cast<size_t>(digit)];
      prediction["confidence"] = p[static_cast<size_t>(digit)];
      prediction["probabilities"] = p;
    }
    if (json) {
      fmt::print("{}\n", json_text(prediction));
    } else if (prediction["digit"].is_null()) {
      fmt::print("{}: {}\n", file, prediction["reason"].get<std::string>());
    } else {
      fmt::print("{}: {} ({:.1f} %)\n", file, prediction["label"].get<std::string>(),
                 100 * prediction["confidence"].get<double>());
    }
  }
  return code;
}

}  // namespace inkling

// inkling explain: which parts of a picture a prediction depends on.
#include <fmt/core.h>

#include "base/error.h"
#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/options/data_options.h"
#include "cli/options/shared_options.h"
#include "cli/terminal_observer.h"
#include "jobs/evaluation/explain_image.h"

namespace inkling {

int run_explain(const Arguments& arguments) {
  ExplainRequest request;
  std::string out;
  std::vector<std::string> pictures;
  EngineOptions engine_options;
  CommandLine line(
      "explain",
      "Show which parts of a picture a prediction depends on: gradient saliency, Grad-CAM of the\n"
      "last convolution, and how much covering each place lowers the confidence. Examples:\n"
      "  inkling explain --model runs/a --index 7 --out seven.png\n"
      "  inkling explain --model runs/a digit.png --class 4 --out why-not-4.png");
  line.text("--model", request.model,
            "run folder, package, file, hf://OWNER/NAME, URL, or reader, the built-in one");
  line.positionals("PICTURE", pictures, false, "a picture of the network's input size");
  add_data_options(line, request.images, "the model's own");
  line.choice("--split", request.split, {"train", "test"}, "which file of a dataset [train]");
  line.text("--index", request.index, "which image of the dataset, counted from 0");
  line.text("--class", request.class_name, "explain this class [the predicted one]");
  line.text("--out", out, "figure, FILE.png; FILE.svg is written beside it");
  add_engine_options(line, engine_options);
  if (!line.parse(arguments)) return kDone;
  if (request.model.empty()) throw usage_error("explain: --model is missing");
  if (pictures.size() > 1) {
    throw usage_error("explain: expected one PICTURE, found {}", pictures.size());
  }
  request.out = out;
  if (request.out.extension() != ".png" || request.out.stem().empty()) {
    throw usage_error("--out: expected FILE.png, found \"{}\"", out);
  }
  if (!pictures.empty() &&
      (!request.index.empty() || !request.split.empty() || !names_nothing(request.images))) {
    throw usage_error("explain: expected either a PICTURE or an image of a dataset; found both");
  }
  require_one_source(request.images);
  if (!pictures.empty()) request.picture = pictures[0];

  Engine engine(engine_options);
  TerminalObserver observer;
  const ExplainResult result = explain_image(request, engine, observer);
  fmt::print("{}{}; {}\n{}\n", result.subject, result.truth,
             likeliest_text(result.explanation, result.class_names), out);
  return kDone;
}

}  // namespace inkling

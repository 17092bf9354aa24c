// inkling compare: trained models side by side on the same images.
#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/number_text.h"
#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/options/data_options.h"
#include "cli/options/shared_options.h"
#include "cli/terminal_observer.h"
#include "eval/compare/comparison_json.h"
#include "eval/compare/comparison_text.h"
#include "jobs/evaluation/compare_models.h"
#include "sys/json_file.h"

namespace inkling {

int run_compare(const Arguments& arguments) {
  std::vector<std::string> names;
  std::string split, aside, json, out;
  ImageSource images;
  EngineOptions engine_options;
  CommandLine line(
      "compare",
      "Compare trained networks on the same images: metrics, size, cost, time for one image, and\n"
      "for each pair an exact McNemar test and the images on which their predictions differ.\n"
      "Example:\n"
      "  inkling compare runs/demo/logistic runs/demo/cnn3");
  line.positionals("RUN", names, true, "two or more run folders or model files");
  add_data_options(line, images, "what the runs were trained on");
  line.choice("--split", split, {"train", "validation", "test"},
              "which images [of a dataset: validation; of files: all]");
  line.text("--set-aside", aside, "file of image indices to exclude, one per line");
  line.text("--json", json, "write the content of comparison.json to this file");
  line.text("--out", out, "folder for comparison.json and figures/");
  add_engine_options(line, engine_options);
  if (!line.parse(arguments)) return kDone;
  if (names.size() < 2) throw usage_error("compare: expected at least two runs, found 1");
  require_one_source(images);

  Engine engine(engine_options);
  TerminalObserver observer;
  const ComparedModels compared = compare_models(
      {.models = names, .images = images, .split = split, .set_aside = aside, .out = out}, engine,
      observer);
  const Comparison& comparison = compared.comparison;
  if (!json.empty()) write_json(json, comparison_json(comparison, compared.class_names));
  fmt::print("{} {}, {} images; one image at a time on one thread\n", comparison.dataset,
             comparison.split, grouped(comparison.models[0].predictions.labels.size()));
  if (comparison.aside) fmt::print("{}\n", set_aside_text(*comparison.aside));
  fmt::print("\n{}", comparison_text(comparison));
  return kDone;
}

}  // namespace inkling

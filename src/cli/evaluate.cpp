// inkling evaluate
#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/shared_options.h"
#include "data/idx.h"
#include "data/sources.h"
#include "data/split.h"
#include "eval/metrics_text.h"
#include "eval/predictions.h"
#include "train/run_folder.h"
#include "train/trainer.h"

namespace inkling {
namespace {

struct EvaluateOptions {
  std::string model, dataset = "mnist", split = "test", images, labels, json, data_dir;
};

// The images a split names. Validation is cut again as the run's recipe cut it.
Dataset load_images(const EvaluateOptions& options) {
  if (options.images.empty() != options.labels.empty()) {
    throw usage_error("--images and --labels go together, found only one");
  }
  if (!options.images.empty())
    return read_idx_dataset(options.images, options.images, options.labels);
  return load_dataset(options.dataset, options.split == "test" ? Split::kTest : Split::kTrain,
                      options.data_dir);
}

std::vector<uint32_t> indices_of(const EvaluateOptions& options,
                                 const std::filesystem::path& model_file, const Dataset& dataset) {
  if (!options.images.empty() || options.split != "validation") return all_indices(dataset.size());
  const RecipeSplit split = read_recipe_split(model_file.parent_path() / "recipe.toml");
  return stratified_split(dataset.labels, dataset.classes, split.val_fraction, split.seed)
      .validation;
}

}  // namespace

int run_evaluate(const Arguments& arguments) {
  EvaluateOptions options;
  EngineOptions engine_options;
  CommandLine line("evaluate", "Judge a trained network on labelled images.");
  line.text("--model", options.model, "run folder or model file");
  line.text("--dataset", options.dataset, "data set, looked for as --data-dir says");
  line.choice("--split", options.split, {"train", "validation", "test"}, "which of its images");
  line.text("--images", options.images, "IDX file of images instead of a data set");
  line.text("--labels", options.labels, "IDX file of their labels");
  line.text("--json", options.json, "write the metrics to this file too");
  add_data_dir_option(line, options.data_dir);
  add_engine_options(line, engine_options);
  if (!line.parse(arguments)) return kDone;
  if (options.model.empty()) throw usage_error("evaluate: --model is missing");

  Engine engine(engine_options);
  const std::filesystem::path file = model_file_of(options.model);
  const Model model = load_model(file);
  const Dataset dataset = load_images(options);
  const std::vector<uint32_t> indices = indices_of(options, file, dataset);
  const Stopwatch watch;
  const Metrics metrics = evaluate_model(model, dataset, indices, engine);
  const double seconds = watch.seconds();

  const std::string split = options.images.empty() ? options.split : "all";
  const nlohmann::json document = metrics_document(metrics, model, dataset.name, split, seconds);
  if (!options.json.empty()) write_file(options.json, document.dump(2) + "\n");
  if (split == "test" && std::filesystem::is_directory(options.model)) {
    write_file(std::filesystem::path(options.model) / "metrics-test.json", document.dump(2) + "\n");
  }
  fmt::print("{} on {} {} ({} images)\n\n", model.net->name, dataset.name, split, metrics.n);
  fmt::print("accuracy   {} (95 % interval {:.2f} to {:.2f}, Wilson)\n", percent(metrics.accuracy),
             100 * metrics.accuracy_ci95.low, 100 * metrics.accuracy_ci95.high);
  fmt::print("loss       {:.4f}\n", metrics.loss);
  fmt::print("macro      precision {:.4f}, recall {:.4f}, F1 {:.4f}\n", metrics.macro.precision,
             metrics.macro.recall, metrics.macro.f1);
  fmt::print("speed      {} images/s\n\n",
             grouped(static_cast<size_t>(static_cast<double>(metrics.n) / seconds)));
  fmt::print("{}\n", classification_report(metrics, model.class_names));
  fmt::print("confusion matrix (rows: true, columns: predicted)\n{}",
             confusion_table(metrics, model.class_names));
  return kDone;
}

}  // namespace inkling

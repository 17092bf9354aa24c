// inkling evaluate
#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "base/clock.h"
#include "base/error.h"
#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/data_options.h"
#include "cli/shared_options.h"
#include "data/split.h"
#include "eval/metrics_text.h"
#include "eval/predictions.h"
#include "train/recipe_file.h"
#include "train/run_folder.h"
#include "train/trainer.h"

namespace inkling {
namespace {

// What the model says it was trained on. Throws usage Error if it says nothing.
DataOptions own_data(const Model& model, const std::filesystem::path& file) {
  DataOptions own = options_of(model.notes);
  if (!names_nothing(own)) return own;
  throw usage_error(
      "--dataset: {} does not say what it was trained on, name a data set, --images or --pictures",
      file.string());
}

// Which part is judged: of a named data set its test set, of files everything, unless told.
std::string split_of(const std::string& told, const DataOptions& data, bool files_are_own) {
  if (!names_files(data)) return told.empty() ? "test" : told;
  if (told == "test" || (told.empty() && files_are_own)) {
    throw usage_error(
        "{}: these files have no test set; judge other ones by --images or --pictures, or say "
        "--split validation",
        name_of(data));
  }
  return told.empty() ? "all" : told;
}

// Validation is cut again as the run's recipe cut it.
std::vector<uint32_t> indices_of(const std::string& split, const std::filesystem::path& model_file,
                                 const Dataset& dataset) {
  if (split != "validation") return all_indices(dataset.size());
  const RecipeSplit cut = read_recipe_split(model_file.parent_path() / "recipe.toml");
  return stratified_split(dataset.labels, dataset.classes, cut.val_fraction, cut.seed).validation;
}

}  // namespace

int run_evaluate(const Arguments& arguments) {
  std::string model_path, told_split, json;
  DataOptions data;
  EngineOptions engine_options;
  CommandLine line("evaluate", "Judge a trained network on labelled images.");
  line.text("--model", model_path, "run folder or model file");
  add_data_options(line, data, "the model's own");
  line.choice("--split", told_split, {"train", "validation", "test"},
              "which of the images [of a data set: test; of files: all]");
  line.text("--json", json, "write the metrics to this file too");
  add_engine_options(line, engine_options);
  if (!line.parse(arguments)) return kDone;
  if (model_path.empty()) throw usage_error("evaluate: --model is missing");
  require_one_source(data);

  Engine engine(engine_options);
  const std::filesystem::path file = model_file_of(model_path);
  const Model model = load_model(file);
  const bool not_told = names_nothing(data);
  if (not_told) {
    const std::string data_dir = data.data_dir;
    data = own_data(model, file);
    data.data_dir = data_dir;
  }
  const std::string split = split_of(told_split, data, not_told);
  const Dataset dataset = load_images(data, split == "test" ? Split::kTest : Split::kTrain,
                                      {.height = model.net->input.height,
                                       .width = model.net->input.width,
                                       .channels = model.net->input.channels,
                                       .class_names = model.class_names});
  const std::vector<uint32_t> indices = indices_of(split, file, dataset);
  const Stopwatch watch;
  const Metrics metrics = evaluate_model(model, dataset, indices, engine);
  const double seconds = watch.seconds();

  const nlohmann::json document = metrics_document(metrics, model, dataset.name, split, seconds);
  if (!json.empty()) write_json(json, document);
  // The run keeps the figures of its own test set, not of any other.
  if (split == "test" && options_of(model.notes).dataset == dataset.name &&
      std::filesystem::is_directory(model_path)) {
    write_json(std::filesystem::path(model_path) / "metrics-test.json", document);
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

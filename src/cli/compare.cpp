// inkling compare: trained models side by side on the same images.
#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/file.h"
#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/data_options.h"
#include "cli/judged_images.h"
#include "cli/shared_options.h"
#include "data/batches.h"
#include "eval/comparison.h"
#include "eval/latency.h"
#include "train/recipe_file.h"
#include "train/run_folder.h"

namespace inkling {
namespace {

struct Entrant {
  std::string name;
  std::filesystem::path file;
  Model model;
};

// Answers can be compared where the classes are the same ones.
void expect_same_classes(const Entrant& first, const Entrant& other) {
  if (first.model.net->classes != other.model.net->classes) {
    throw input_error("{}: expected the {} classes of {}, found {}", other.name,
                      first.model.net->classes, first.name, other.model.net->classes);
  }
  const auto &names = first.model.class_names, &found = other.model.class_names;
  for (size_t c = 0; c < names.size(); ++c) {
    if (names[c] != found[c]) {
      throw input_error("{}: expected class {} to be \"{}\" as in {}, found \"{}\"", other.name, c,
                        names[c], first.name, found[c]);
    }
  }
}

void expect_same_data(const Entrant& first, const Entrant& other) {
  const DataOptions a = options_of(first.model.notes), b = options_of(other.model.notes);
  if (record_of(a) == record_of(b)) return;
  throw usage_error(
      "{} was trained on {}, {} on {}: name the images by --dataset, --images or "
      "--pictures",
      first.name, name_of(a), other.name, name_of(b));
}

// What one kept for validation, another may have been trained on.
void expect_same_validation(const Entrant& first, const Entrant& other) {
  const auto cut = [](const Entrant& run) {
    return read_recipe_split(run.file.parent_path() / "recipe.toml");
  };
  const RecipeSplit a = cut(first), b = cut(other);
  if (a.seed == b.seed && a.val_fraction == b.val_fraction) return;
  throw usage_error(
      "{} and {} kept different images for validation (seed {}, share {} and seed {}, share {}): "
      "compare them by --split test, or on other images",
      first.name, other.name, a.seed, a.val_fraction, b.seed, b.val_fraction);
}

// From the run's metrics.json; nothing for a bare model file.
std::optional<double> train_seconds_of(const Entrant& run) {
  const std::filesystem::path path = run.file.parent_path() / "metrics.json";
  if (!std::filesystem::exists(path)) return std::nullopt;
  const nlohmann::json metrics = nlohmann::json::parse(read_text_file(path), nullptr, false);
  if (!metrics.is_object() || !metrics.contains("train_seconds") ||
      !metrics["train_seconds"].is_number()) {
    return std::nullopt;
  }
  return metrics["train_seconds"].get<double>();
}

Contestant contestant_of(const Entrant& run, const JudgedImages& judged, Engine& engine,
                         Engine& alone) {
  const Model& model = run.model;
  const PixelStatistics pixels{model.mean, model.sd};
  Classifier classifier(*model.net, engine);
  classifier.update(model.parameters);
  Contestant contestant{.name = run.name,
                        .model = model.net->name,
                        .parameters = model.net->parameter_count(),
                        .flops = model.net->flops(),
                        .train_seconds = train_seconds_of(run),
                        .latency_s = 0,
                        .answers = answers_on(classifier, judged.dataset, judged.indices, pixels),
                        .metrics = {}};
  contestant.metrics = compute_metrics(contestant.answers.probabilities, contestant.answers.labels,
                                       model.net->classes);
  constexpr double kSeconds = 0.3;
  Classifier single(*model.net, alone);
  single.update(model.parameters);
  std::vector<float> image(model.net->input.size());
  BatchAssembler(judged.dataset, pixels).assemble(std::span(judged.indices).first(1), image.data());
  contestant.latency_s = median(prediction_times(single, image.data(), 1, kSeconds));
  return contestant;
}

}  // namespace

int run_compare(const Arguments& arguments) {
  std::vector<std::string> names;
  std::string split, json, out;
  DataOptions data;
  EngineOptions engine_options;
  CommandLine line(
      "compare",
      "Judge trained networks on the same images: metrics, size, cost, time for one image, and "
      "for\n"
      "each two of them an exact McNemar test and the images they answer differently. Example:\n"
      "  inkling compare runs/demo/logistic runs/demo/cnn3");
  line.positionals("RUN", names, true, "two or more run folders or model files");
  add_data_options(line, data, "what the runs were trained on");
  line.choice("--split", split, {"train", "validation", "test"},
              "which of the images [of a data set: validation; of files: all]");
  line.text("--json", json, "write comparison.json's content to this file");
  line.text("--out", out, "folder for comparison.json");
  add_engine_options(line, engine_options);
  if (!line.parse(arguments)) return kDone;
  if (names.size() < 2) throw usage_error("compare: expected at least two runs, found 1");
  require_one_source(data);

  Engine engine(engine_options);
  engine_options.threads = 1;
  Engine alone(engine_options);
  std::vector<Entrant> runs;
  for (const std::string& name : names) {
    const std::filesystem::path file = model_file_of(name);
    runs.push_back({name, file, load_model(file)});
    expect_same_classes(runs[0], runs.back());
    if (names_nothing(data)) expect_same_data(runs[0], runs.back());
  }
  const JudgedImages judged = judged_images(runs[0].model, runs[0].file, data, split, "validation");
  std::vector<Contestant> contestants;
  for (const Entrant& run : runs) {
    if (judged.split == "validation") expect_same_validation(runs[0], run);
    expect_fit(*run.model.net, judged.dataset);
  }
  if (judged.indices.empty()) {
    throw usage_error("{}: its run kept no images for validation; say --split test", names[0]);
  }
  for (const Entrant& run : runs) contestants.push_back(contestant_of(run, judged, engine, alone));
  const Comparison comparison = compare(std::move(contestants), judged.dataset.name, judged.split);

  const nlohmann::json document = comparison_json(comparison, runs[0].model.class_names);
  if (!json.empty()) write_json(json, document);
  if (!out.empty()) {
    make_folder(out);
    write_json(std::filesystem::path(out) / "comparison.json", document);
  }
  fmt::print("{} {}, {} images; one image at a time on one thread\n\n{}", comparison.dataset,
             comparison.split, grouped(judged.indices.size()), comparison_text(comparison));
  return kDone;
}

}  // namespace inkling

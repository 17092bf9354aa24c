// inkling pipeline: the main job. Each part that lands in the project is joined here.
#include <fmt/core.h>

#include <algorithm>
#include <cstdio>

#include "base/clock.h"
#include "base/error.h"
#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/data_options.h"
#include "cli/inspection_job.h"
#include "cli/shared_options.h"
#include "cli/training_job.h"
#include "data/sources.h"
#include "data/synth.h"
#include "eval/predictions.h"

namespace inkling {
namespace {

struct Contender {
  std::string model, augment;
  int epochs, quick_epochs;
  double lr;
  const char* schedule;

  bool augmented() const { return augment != "none"; }
  std::string title() const { return augmented() ? model + " + " + augment : model; }
  std::string folder() const { return augmented() ? model + "-" + augment : model; }
};

// The baseline every network must beat, the network, and the same on augmented images. Epochs and
// rates were settled on the validation split (docs/journal.md).
const Contender kContenders[] = {
    {"logistic", "none", 20, 3, 2e-3, "linear"},
    {"cnn3", "none", 5, 2, 2e-3, "linear"},
    {"cnn3", "standard", 5, 2, 2e-3, "linear"},
};

struct Row {
  std::string name;
  std::filesystem::path run;
  size_t parameters;
  double flops, train_seconds;
  Metrics test;
};

void print_comparison(const std::vector<Row>& rows) {
  fmt::print("{:<15} {:>11} {:>12} {:>9} {:>9}  {:<16} {:>9} {:>9}\n", "model", "parameters",
             "FLOPs", "train s", "accuracy", "95 % interval", "macro F1", "mistakes");
  for (const Row& row : rows) {
    fmt::print("{:<15} {:>11} {:>12} {:>9.1f} {:>9}  {:<16} {:>9.4f} {:>9}\n", row.name,
               grouped(row.parameters), grouped(static_cast<size_t>(row.flops)), row.train_seconds,
               percent(row.test.accuracy),
               fmt::format("{:.2f} to {:.2f}", 100 * row.test.accuracy_ci95.low,
                           100 * row.test.accuracy_ci95.high),
               row.test.macro.f1, row.test.n - row.test.correct);
  }
}

// What the pipeline runs on. Data that was named, or whose folder was, is had or is an Error. Only
// where nothing was named, no MNIST lies anywhere and none can be fetched, synthetic digits serve.
Dataset find_training_data(const std::string& dataset, const std::string& data_dir) {
  if (!dataset.empty()) return load_or_fetch(dataset, Split::kTrain, data_dir);
  if (!data_dir.empty() || !is_missing("mnist", Split::kTrain)) {
    return load_dataset("mnist", Split::kTrain, data_dir);
  }
  try {
    return load_or_fetch("mnist", Split::kTrain, data_dir);
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::kInterrupted) throw;
    fmt::print(stderr, "no MNIST: {}\n", error.what());
    return load_dataset(kSyntheticName, Split::kTrain);
  }
}

}  // namespace

int run_pipeline(const Arguments& arguments) {
  std::string dataset, out = "runs/demo", data_dir;
  bool quick = false;
  uint64_t seed = 1;
  EngineOptions engine_options;
  CommandLine line(
      "pipeline",
      "Find the data, train the baseline and the network, judge both on the test set,\n"
      "compare them. Where neither MNIST's files nor a network to fetch them are at hand, it runs\n"
      "on synthetic digits and says so; a data set that is named is never replaced.");
  line.text("--dataset", dataset, "data set, looked for as --data-dir says [mnist]");
  add_data_dir_option(line, data_dir);
  line.text("--out", out, "folder of the runs");
  line.flag("--quick", quick, "fewer epochs on 12,000 images: a look, not a result");
  line.seed("--seed", seed, "of everything random");
  add_engine_options(line, engine_options);
  if (!line.parse(arguments)) return kDone;

  const Stopwatch watch;
  Engine engine(engine_options);
  const Dataset train = find_training_data(dataset, data_dir);
  for (const Contender& contender : kContenders) {
    expect_fit(find_architecture(contender.model), train);  // before anything is written
  }
  fmt::print("inkling {}, variant {}, {} thread{}\n", INKLING_VERSION, engine.kernels().name,
             engine.pool().threads(), engine.pool().threads() == 1 ? "" : "s");
  const bool synthetic = train.name == kSyntheticName;
  fmt::print("data: {}, {} training images of {}x{}, {} classes\n{}\n", train.name,
             grouped(train.size()), train.height, train.width, train.classes,
             synthetic ? "SYNTHETIC DIGITS, drawn by Inkling itself: no figure below says how well "
                         "it reads handwriting.\n"
                       : "");
  std::fflush(stdout);

  const Dataset test = load_or_fetch(train.name, Split::kTest, data_dir);
  print_findings(run_inspection({.out = std::filesystem::path(out) / "data", .suspects = !quick},
                                train, test, engine));
  fmt::print("data report in {}/data\n\n", out);
  std::fflush(stdout);

  std::vector<Row> rows;
  for (const Contender& contender : kContenders) {
    TrainingJob job;
    job.recipe.model = contender.model;
    job.recipe.augment = augmentation(contender.augment);
    job.recipe.dataset = train.name;
    job.recipe.epochs = quick ? contender.quick_epochs : contender.epochs;
    job.recipe.lr = contender.lr;
    job.recipe.schedule.name = contender.schedule;
    job.recipe.seed = seed;
    job.recipe.limit = quick ? 12000 : 0;
    job.out = std::filesystem::path(out) / contender.folder();
    const TrainingOutcome outcome = run_training(job, train, engine);
    if (outcome.result.interrupted) {
      throw Error(ErrorKind::kInterrupted,
                  fmt::format("interrupted; what was learned is saved in {}", job.out.string()));
    }
    rows.push_back({contender.title(),
                    job.out,
                    outcome.parameters,
                    outcome.flops,
                    outcome.result.train_seconds,
                    {}});
  }
  for (Row& row : rows) row.test = judge_run(row.run, test, engine);

  fmt::print("test set, {} {}images{}:\n\n", grouped(test.size()), synthetic ? "synthetic " : "",
             quick ? " (quick: a look, not a result)" : "");
  print_comparison(rows);
  const Row& baseline = rows.front();
  const Row& network = rows.back();
  fmt::print("\n{} makes {} mistakes where {} makes {}{}.\nruns in {}, {:.0f} s in all\n",
             network.name, network.test.n - network.test.correct, baseline.name,
             baseline.test.n - baseline.test.correct, synthetic ? ", on synthetic digits" : "", out,
             watch.seconds());
  return kDone;
}

}  // namespace inkling

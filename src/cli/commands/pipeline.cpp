// inkling pipeline: the main job. Each part that lands in the project is joined here.
#include <fmt/core.h>

#include <algorithm>
#include <cstdio>

#include "base/clock.h"
#include "base/error.h"
#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/comparison_job.h"
#include "cli/inspection_job.h"
#include "cli/messages.h"
#include "cli/options/data_options.h"
#include "cli/options/shared_options.h"
#include "cli/report_job.h"
#include "cli/training_job.h"
#include "data/sources/sources.h"
#include "data/synth/synth.h"
#include "eval/metrics/confused_pairs.h"
#include "eval/predict.h"

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

struct Trained {
  Contender contender;
  std::filesystem::path run;
  double val_accuracy = 0;
};

void print_comparison(const std::vector<Trained>& trained, const Comparison& comparison) {
  fmt::print("{:<16} {:>11} {:>12} {:>9} {:>9}  {:<16} {:>9} {:>9}\n", "model", "parameters",
             "FLOPs", "train s", "accuracy", "95 % interval", "macro F1", "mistakes");
  for (size_t i = 0; i < trained.size(); ++i) {
    const ComparedModel& one = comparison.models[i];
    const Metrics& m = one.metrics;
    fmt::print(
        "{:<16} {:>11} {:>12} {:>9.1f} {:>9}  {:<16} {:>9.4f} {:>9}\n",
        trained[i].contender.title(), grouped(one.parameters),
        grouped(static_cast<size_t>(one.flops)), one.train_seconds.value_or(0), percent(m.accuracy),
        fmt::format("{:.2f} to {:.2f}", 100 * m.accuracy_ci95.low, 100 * m.accuracy_ci95.high),
        m.macro.f1, m.n - m.correct);
  }
}

// Ten lines on the network that validation chose, and where its page is.
void print_summary(const Trained& best, const ReportOutcome& report, const Comparison& comparison,
                   const ComparedModel& own, const Inspection& inspection, bool synthetic) {
  const Evaluation& e = report.evaluation;
  const Metrics &m = e.metrics, &baseline = comparison.models[0].metrics;
  const Calibration& c = e.calibration;
  const std::vector<ConfusedPair> pairs = confused_pairs(m);
  const std::vector<Finding> findings = find_faults(inspection);
  const auto grave = std::count_if(findings.begin(), findings.end(), [](const Finding& finding) {
    return finding.severity != Severity::kInfo;
  });
  const auto line = [](const char* what, const std::string& text) {
    fmt::print("{:<12} {}\n", what, text);
  };
  line("network", fmt::format("{}, chosen by validation ({})", best.contender.title(),
                              percent(best.val_accuracy)));
  line("accuracy", fmt::format("{} of {} {}test images", percent(m.accuracy),
                               grouped(static_cast<size_t>(m.n)), synthetic ? "synthetic " : ""));
  line("interval", fmt::format("{:.2f} to {:.2f} % (95 %, Wilson)", 100 * m.accuracy_ci95.low,
                               100 * m.accuracy_ci95.high));
  line("mistakes",
       fmt::format("{} where {} makes {}{}", m.n - m.correct, kContenders[0].title(),
                   baseline.n - baseline.correct, synthetic ? ", on synthetic digits" : ""));
  line("confused", pairs.empty() ? "no two classes"
                                 : fmt::format("most often {} and {} ({} times)",
                                               inspection.class_names[size_t(pairs[0].first)],
                                               inspection.class_names[size_t(pairs[0].second)],
                                               pairs[0].mistakes()));
  line("confidence", fmt::format("off by {:.2f} points (ECE); {:.2f} to {:.2f} would be chance",
                                 100 * c.ece, 100 * c.ece_null95.low, 100 * c.ece_null95.high));
  line("loss, F1", fmt::format("{:.4f}, {:.4f} (macro)", m.loss, m.macro.f1));
  line("data", grave == 0 ? "nothing that needs mending"
                          : fmt::format("{} fault{} worth a look", grave, grave == 1 ? "" : "s"));
  line("speed", fmt::format("{} images a second; one image alone {:.0f} us",
                            grouped(static_cast<size_t>(static_cast<double>(m.n) /
                                                        std::max(e.predictions.seconds, 1e-9))),
                            1e6 * own.latency_s));
  line("report", report.page.string());
}

// What the pipeline runs on. Data that was named, or whose folder was, is had or is an Error. Only
// where nothing was named, no MNIST lies anywhere and none can be fetched, synthetic digits serve.
Dataset find_training_data(const std::string& dataset, const std::string& data_dir,
                           ThreadPool& pool) {
  if (!dataset.empty()) return load_or_fetch(dataset, Split::kTrain, data_dir, pool);
  if (!data_dir.empty() || !is_missing("mnist", Split::kTrain)) {
    return load_dataset("mnist", Split::kTrain, data_dir, &pool);
  }
  try {
    return load_or_fetch("mnist", Split::kTrain, data_dir, pool);
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::kInterrupted) throw;
    say("no MNIST: {}\n", error.what());
    return load_dataset(kSyntheticName, Split::kTrain, {}, &pool);
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
      "Find the data, inspect it, train the baseline and the networks, judge them on the test\n"
      "set, compare them, and write a page about the one validation chose: report.html. Where\n"
      "neither MNIST's files nor a network to fetch them are at hand, it runs on synthetic digits\n"
      "and says so; a data set that is named is never replaced.");
  line.text("--dataset", dataset, "data set, looked for as --data-dir says [mnist]");
  add_data_dir_option(line, data_dir);
  line.text("--out", out, "folder of the runs");
  line.flag("--quick", quick, "fewer epochs on 12,000 images: a look, not a result");
  line.seed("--seed", seed, "of everything random");
  add_engine_options(line, engine_options);
  if (!line.parse(arguments)) return kDone;

  const Stopwatch watch;
  Engine engine(engine_options);
  const Dataset train = find_training_data(dataset, data_dir, engine.pool());
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

  const Dataset test = load_or_fetch(train.name, Split::kTest, data_dir, engine.pool());
  const Inspection inspection = run_inspection(
      {.out = std::filesystem::path(out) / "data", .suspects = !quick}, train, test, engine);
  print_findings(inspection);
  fmt::print("data report in {}/data\n\n", out);
  std::fflush(stdout);

  std::vector<Trained> trained;
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
    trained.push_back({.contender = contender,
                       .run = job.out,
                       .val_accuracy = outcome.validation ? outcome.validation->accuracy : 0});
  }
  for (const Trained& one : trained) evaluate_run(one.run, test, engine);
  ComparisonJob job{.data = {.dataset = train.name, .data_dir = data_dir},
                    .split = "test",
                    .engine = engine_options,
                    .out = out};
  for (const Trained& one : trained) job.runs.push_back(one.run.string());
  const Comparison comparison = run_comparison(job).comparison;
  const Trained& best = *std::max_element(
      trained.begin(), trained.end(),
      [](const Trained& a, const Trained& b) { return a.val_accuracy < b.val_accuracy; });
  const ReportOutcome report = run_report_job({.run = best.run, .data_dir = data_dir}, engine);

  fmt::print("test set, {} {}images{}:\n\n", grouped(test.size()), synthetic ? "synthetic " : "",
             quick ? " (quick: a look, not a result)" : "");
  print_comparison(trained, comparison);
  fmt::print("\n");
  const auto place = static_cast<size_t>(&best - trained.data());
  print_summary(best, report, comparison, comparison.models[place], inspection, synthetic);
  fmt::print("runs in {}, {:.0f} s in all\n", out, watch.seconds());
  return kDone;
}

}  // namespace inkling

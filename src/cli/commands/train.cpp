// inkling train
#include <fmt/core.h>

#include "base/error.h"
#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/options/data_options.h"
#include "cli/options/recipe_options.h"
#include "cli/options/shared_options.h"
#include "cli/seed_runs.h"
#include "cli/training_job.h"
#include "eval/predict.h"
#include "train/run/run_folder.h"

namespace inkling {
namespace {

std::string views_text(const Recipe& recipe) {
  return recipe.tta ? fmt::format(", mean of {} views", kViews.size()) : "";
}

void print_validation(const TrainingOutcome& outcome, const Recipe& recipe) {
  if (!outcome.validation) return;
  const Metrics& metrics = *outcome.validation;
  fmt::print("validation accuracy {} (95 % interval {:.2f} to {:.2f}), loss {:.4f}, epoch {}{}\n",
             percent(metrics.accuracy), 100 * metrics.accuracy_ci95.low,
             100 * metrics.accuracy_ci95.high, metrics.loss, outcome.result.best_epoch,
             views_text(recipe));
}

void evaluate_on_test(const TrainingJob& job, const Dataset& test, Engine& engine) {
  const Metrics metrics = evaluate_run(job.out, test, engine);
  fmt::print("test accuracy {} (95 % interval {:.2f} to {:.2f}), loss {:.4f}{}\n",
             percent(metrics.accuracy), 100 * metrics.accuracy_ci95.low,
             100 * metrics.accuracy_ci95.high, metrics.loss, views_text(job.recipe));
}

void print_study(const SeedStudy& study) {
  for (const bool test : {false, true}) {
    const char* name = test ? "test" : "validation";
    const std::optional<SplitStudy>& split = test ? study.test : study.validation;
    if (!split) continue;
    for (const SeedStudy::Run& run : study.runs) {
      const SplitScores& scores = test ? *run.test : *run.validation;
      fmt::print("seed {:<6} {} accuracy {} ({:.2f} to {:.2f}), loss {:.4f}\n", run.seed, name,
                 percent(scores.accuracy), 100 * scores.accuracy_ci95.low,
                 100 * scores.accuracy_ci95.high, scores.loss);
    }
    fmt::print("{} accuracy {}\n", name, accuracy_text(*split, study.runs.size()));
  }
}

// What --resume goes on with where no recipe is named: the run's own, or the first seed's; empty
// where there is none yet.
std::filesystem::path own_recipe(const std::filesystem::path& out, int seeds) {
  std::filesystem::path run = out;
  std::error_code code;
  if (seeds > 1) {
    uint64_t least = UINT64_MAX;
    for (const auto& entry : std::filesystem::directory_iterator(out, code)) {
      const auto seed = seed_of_folder(entry.path().filename().string());
      if (!seed || *seed >= least) continue;
      least = *seed;
      run = entry.path();
    }
  }
  return RunFolder::state(run) == RunFolder::State::kNone ? "" : RunFiles{run}.recipe();
}

}  // namespace

int run_train(const Arguments& arguments) {
  TrainingJob job;
  RecipeOptions recipe_options;
  std::string out = "runs/train";
  bool test = false;
  int threads = 0, seeds = 1;
  CommandLine line("train",
                   "Train a network on a data set's training images and keep the best epoch.\n"
                   "Every option but the first few is a field of a recipe (docs/recipes.md).");
  line.text("--out", out, "run folder");
  line.flag("--resume", job.resume, "go on with the run in --out after its last whole epoch");
  line.flag("--test", test, "judge the kept weights on the test set at the end");
  line.integer("--seeds", seeds, 1, 1000,
               "above 1: so many runs, of the seeds from --seed on, into OUT/seed-K; seeds.json "
               "has their mean and spread");
  line.integer("--threads", threads, 0, 1024, "0: the cores this process may use");
  recipe_options.add_to(line);
  if (!line.parse(arguments)) return kDone;
  job.out = out;
  job.recipe = recipe_options.resolve(job.resume ? own_recipe(job.out, seeds) : "");
  const DataOptions data = recipe_options.data_of(job.recipe);
  if (test && names_files(data)) {
    throw usage_error(
        "--test: {} has no test set; judge the run with `inkling evaluate --model {}` and --images "
        "or --pictures",
        name_of(data), out);
  }

  Engine engine({.isa = job.recipe.isa, .precision = job.recipe.precision, .threads = threads});
  // First, for a wrong name should not wait for the data.
  const Architecture net = find_architecture(job.recipe.model);
  const PictureFolderOptions as_network{
      .height = net.input.height, .width = net.input.width, .channels = net.input.channels};
  const Dataset train = load_images(data, Split::kTrain, as_network, engine.pool());
  expect_fit(net, train);  // before anything is written
  if (seeds > 1) {
    std::optional<Dataset> evaluated;
    if (test) evaluated = load_images(data, Split::kTest, as_network, engine.pool());
    const SeedStudy study =
        run_seeds({.job = job, .seeds = seeds}, train, evaluated ? &*evaluated : nullptr, engine);
    print_study(study);
    fmt::print("runs in {}\n", out);
    return kDone;
  }
  const TrainingOutcome outcome = run_training(job, train, engine);
  const TrainingResult& result = outcome.result;
  if (outcome.finished_before) fmt::print("{}: finished already, nothing to train\n", out);
  print_validation(outcome, job.recipe);
  if (result.interrupted) {
    throw Error(ErrorKind::kInterrupted,
                fmt::format("interrupted; what was learned is saved in {}, --resume goes on", out));
  }
  if (test && !std::filesystem::exists(RunFiles{job.out}.test_metrics())) {
    evaluate_on_test(job, load_images(data, Split::kTest, as_network, engine.pool()), engine);
  }
  if (outcome.finished_before) return kDone;
  fmt::print("{:.1f} s of training, {} images/s; run folder {}\n", result.train_seconds,
             grouped(static_cast<size_t>(result.images_per_second)), out);
  return kDone;
}

}  // namespace inkling

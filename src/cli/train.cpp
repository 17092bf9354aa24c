// inkling train
#include <fmt/core.h>

#include "base/error.h"
#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/data_options.h"
#include "cli/recipe_options.h"
#include "cli/shared_options.h"
#include "cli/training_job.h"
#include "train/run_folder.h"

namespace inkling {
namespace {

void print_validation(const TrainingOutcome& outcome) {
  if (!outcome.validation) return;
  const Metrics& metrics = *outcome.validation;
  fmt::print("validation accuracy {} (95 % interval {:.2f} to {:.2f}), loss {:.4f}, epoch {}\n",
             percent(metrics.accuracy), 100 * metrics.accuracy_ci95.low,
             100 * metrics.accuracy_ci95.high, metrics.loss, outcome.result.best_epoch);
}

void judge_on_test(const TrainingJob& job, const Dataset& test, Engine& engine) {
  const Metrics metrics = judge_run(job.out, test, engine);
  fmt::print("test accuracy {} (95 % interval {:.2f} to {:.2f}), loss {:.4f}\n",
             percent(metrics.accuracy), 100 * metrics.accuracy_ci95.low,
             100 * metrics.accuracy_ci95.high, metrics.loss);
}

}  // namespace

int run_train(const Arguments& arguments) {
  TrainingJob job;
  RecipeOptions recipe_options;
  std::string out = "runs/train";
  bool test = false;
  int threads = 0;
  CommandLine line("train",
                   "Train a network on a data set's training images and keep the best epoch.\n"
                   "Every option but the first few is a field of a recipe (docs/recipes.md).");
  line.text("--out", out, "run folder");
  line.flag("--resume", job.resume, "go on with the run in --out after its last whole epoch");
  line.flag("--test", test, "judge the kept weights on the test set at the end");
  line.integer("--threads", threads, 0, 1024, "0: the cores this process may use");
  recipe_options.add_to(line);
  if (!line.parse(arguments)) return kDone;
  job.out = out;
  const bool has_run = job.resume && RunFolder::state(job.out) != RunFolder::State::kNone;
  job.recipe = recipe_options.resolve(has_run ? job.out / "recipe.toml" : "");
  const DataOptions data = recipe_options.data_of(job.recipe);
  if (test && names_files(data)) {
    throw usage_error(
        "--test: {} has no test set; judge the run with `inkling evaluate --model {}` and --images "
        "or --pictures",
        name_of(data), out);
  }

  Engine engine({.isa = job.recipe.isa, .precision = job.recipe.precision, .threads = threads});
  // First, for a wrong name should not wait for the data.
  const Shape input = find_architecture(job.recipe.model).input;
  const PictureFolderOptions as_network{
      .height = input.height, .width = input.width, .channels = input.channels};
  const Dataset train = load_images(data, Split::kTrain, as_network);
  const TrainingOutcome outcome = run_training(job, train, engine);
  const TrainingResult& result = outcome.result;
  if (outcome.finished_before) fmt::print("{}: finished already, nothing to train\n", out);
  print_validation(outcome);
  if (result.interrupted) {
    throw Error(ErrorKind::kInterrupted,
                fmt::format("interrupted; what was learned is saved in {}, --resume goes on", out));
  }
  if (test && !std::filesystem::exists(job.out / "metrics-test.json")) {
    judge_on_test(job, load_images(data, Split::kTest, as_network), engine);
  }
  if (outcome.finished_before) return kDone;
  fmt::print("{:.1f} s of training, {} images/s; run folder {}\n", result.train_seconds,
             grouped(static_cast<size_t>(result.images_per_second)), out);
  return kDone;
}

}  // namespace inkling

// inkling train
#include <fmt/core.h>

#include "base/error.h"
#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/data_options.h"
#include "cli/shared_options.h"
#include "cli/training_job.h"

namespace inkling {

int run_train(const Arguments& arguments) {
  TrainingJob job;
  Recipe& recipe = job.recipe;
  DataOptions data;
  EngineOptions engine_options;
  std::string out = "runs/train", schedule(schedule_name(recipe.schedule));
  bool test = false;
  CommandLine line("train",
                   "Train a network on a data set's training images and keep the best epoch.");
  line.text("--model", recipe.model, "name from `inkling models`, or a network file (.toml)");
  add_data_options(line, data, recipe.dataset);
  line.text("--out", out, "run folder");
  line.integer("--epochs", recipe.epochs, 1, 100000, "passes over the training images");
  line.integer("--batch", recipe.batch, 1, 65536, "images a step");
  line.real("--lr", recipe.lr, 0, 1000, false, "peak learning rate");
  line.choice("--schedule", schedule, {"constant", "linear", "cosine"},
              "how the learning rate falls to 0");
  line.choice("--optimiser", recipe.optimiser.name, {"adam", "sgd"}, "sgd has momentum 0.9");
  line.choice("--augment", recipe.augment, {"none", "standard", "strong"},
              "how far training images are changed; strong adds elastic distortion and more");
  line.seed("--seed", recipe.seed,
            "of initialisation, order, augmentation, dropout and validation split");
  line.real("--val-fraction", recipe.val_fraction, 0, 0.9, true,
            "share of the training images kept for validation");
  line.choice("--val-metric", recipe.val_metric, {"accuracy", "loss"}, "what picks the best epoch");
  line.integer("--patience", recipe.patience, 0, 100000,
               "epochs without improvement before stopping; 0: never");
  line.flag("--test", test, "judge the kept weights on the test set at the end");
  add_engine_options(line, engine_options);
  if (!line.parse(arguments)) return kDone;
  require_one_source(data);
  if (names_nothing(data)) data.dataset = recipe.dataset;
  if (test && names_files(data)) {
    throw usage_error(
        "--test: {} has no test set; judge the run with `inkling evaluate --model {}` and --images "
        "or --pictures",
        name_of(data), out);
  }
  recipe.dataset = name_of(data);
  if (names_files(data)) recipe.files = record_of(data);
  recipe.schedule = parse_schedule(schedule);
  job.out = out;

  Engine engine(engine_options);
  // First, for a wrong name should not wait for the data.
  const Shape input = find_architecture(recipe.model).input;
  const PictureFolderOptions as_network{
      .height = input.height, .width = input.width, .channels = input.channels};
  const Dataset train = load_images(data, Split::kTrain, as_network);
  const TrainingOutcome outcome = run_training(job, train, engine);
  const TrainingResult& result = outcome.result;
  if (outcome.validation) {
    fmt::print("validation accuracy {} (95 % interval {:.2f} to {:.2f}), loss {:.4f}, epoch {}\n",
               percent(outcome.validation->accuracy), 100 * outcome.validation->accuracy_ci95.low,
               100 * outcome.validation->accuracy_ci95.high, outcome.validation->loss,
               result.best_epoch);
  }
  if (result.interrupted) {
    throw Error(ErrorKind::kInterrupted,
                fmt::format("interrupted; what was learned is saved in {}", out));
  }
  if (test) {
    const Metrics metrics = judge_run(job.out, load_images(data, Split::kTest, as_network), engine);
    fmt::print("test accuracy {} (95 % interval {:.2f} to {:.2f}), loss {:.4f}\n",
               percent(metrics.accuracy), 100 * metrics.accuracy_ci95.low,
               100 * metrics.accuracy_ci95.high, metrics.loss);
  }
  fmt::print("{:.1f} s of training, {} images/s; run folder {}\n", result.train_seconds,
             grouped(static_cast<size_t>(result.images_per_second)), out);
  return kDone;
}

}  // namespace inkling

// inkling train
#include <fmt/core.h>

#include "base/error.h"
#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/shared_options.h"
#include "cli/training_job.h"
#include "data/sources.h"

namespace inkling {

int run_train(const Arguments& arguments) {
  TrainingJob job;
  Recipe& recipe = job.recipe;
  EngineOptions engine_options;
  std::string out = "runs/train", schedule(schedule_name(recipe.schedule));
  bool test = false;
  CommandLine line("train",
                   "Train a network on a data set's training images and keep the best epoch.");
  line.text("--model", recipe.model, "name from `inkling models`, or a network file (.toml)");
  line.text("--dataset", recipe.dataset, "data set, looked for as --data-dir says");
  add_data_dir_option(line, job.data_dir);
  line.text("--out", out, "run folder");
  line.integer("--epochs", recipe.epochs, 1, 100000, "passes over the training images");
  line.integer("--batch", recipe.batch, 1, 65536, "images a step");
  line.real("--lr", recipe.lr, 0, 1000, false, "peak learning rate");
  line.choice("--schedule", schedule, {"constant", "linear", "cosine"},
              "how the learning rate falls to 0");
  line.choice("--optimiser", recipe.optimiser.name, {"adam", "sgd"}, "sgd has momentum 0.9");
  line.seed("--seed", recipe.seed, "of initialisation, order, dropout and validation split");
  line.real("--val-fraction", recipe.val_fraction, 0, 0.9, true,
            "share of the training images kept for validation");
  line.choice("--val-metric", recipe.val_metric, {"accuracy", "loss"}, "what picks the best epoch");
  line.integer("--patience", recipe.patience, 0, 100000,
               "epochs without improvement before stopping; 0: never");
  line.flag("--test", test, "judge the kept weights on the test set at the end");
  add_engine_options(line, engine_options);
  if (!line.parse(arguments)) return kDone;
  recipe.schedule = parse_schedule(schedule);
  job.out = out;

  Engine engine(engine_options);
  find_architecture(recipe.model);  // a wrong name should not wait for the data
  const Dataset train = load_dataset(recipe.dataset, Split::kTrain, job.data_dir);
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
    const Metrics metrics =
        judge_run(job.out, load_dataset(recipe.dataset, Split::kTest, job.data_dir), engine);
    fmt::print("test accuracy {} (95 % interval {:.2f} to {:.2f}), loss {:.4f}\n",
               percent(metrics.accuracy), 100 * metrics.accuracy_ci95.low,
               100 * metrics.accuracy_ci95.high, metrics.loss);
  }
  fmt::print("{:.1f} s of training, {} images/s; run folder {}\n", result.train_seconds,
             grouped(static_cast<size_t>(result.images_per_second)), out);
  return kDone;
}

}  // namespace inkling

// inkling train
#include <fmt/core.h>

#include "base/error.h"
#include "base/number_text.h"
#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/options/recipe_options.h"
#include "cli/terminal_observer.h"
#include "cli/text/training_text.h"
#include "jobs/images/load_images.h"
#include "jobs/training/train_model.h"
#include "jobs/training/train_seeds.h"

namespace inkling {

int run_train(const Arguments& arguments) {
  TrainRequest request;
  RecipeOptions recipe_options;
  std::string out = "runs/train";
  bool test = false;
  int threads = 0, seeds = 1;
  CommandLine line("train",
                   "Train a network on a dataset's training images and keep the best epoch.\n"
                   "All but the first few options are fields of a recipe (docs/recipes.md).");
  line.text("--out", out, "run folder");
  line.flag("--resume", request.resume, "resume the run in --out after its last completed epoch");
  line.flag("--test", test, "evaluate the kept weights on the test set at the end");
  line.integer(
      "--seeds", seeds, 1, 1000,
      "runs with consecutive seeds, starting at --seed; above 1: into OUT/seed-K, with their "
      "mean and spread in seeds.json");
  line.integer("--threads", threads, 0, 1024, "0: the cores this process may use");
  recipe_options.add_to(line);
  if (!line.parse(arguments)) return kDone;
  request.out = out;
  request.recipe = recipe_options.resolve(request.resume ? recipe_of_run(request.out, seeds) : "");
  const ImageSource images = recipe_options.images_of(request.recipe);
  if (test && names_files(images)) {
    throw usage_error(
        "--test: {} has no test set; evaluate the run with `inkling evaluate --model {}` and "
        "--images "
        "or --pictures",
        name_of(images), out);
  }

  Engine engine(
      {.isa = request.recipe.isa, .precision = request.recipe.precision, .threads = threads});
  // First: a wrong name should not wait for the data.
  const Architecture net = architecture_of(request.recipe);
  TerminalObserver observer;
  const Dataset train = training_images(request.recipe, images, net, engine.pool(), observer);
  expect_fit(net, train);  // before anything is written
  const auto load_test = [&] {
    return load_images(images, Split::kTest, net, engine.pool(), observer);
  };
  if (seeds > 1) {
    std::optional<Dataset> tested;
    if (test) tested = load_test();
    const auto study = train_seeds({.first = request, .seeds = seeds}, train,
                                   tested ? &*tested : nullptr, engine, observer);
    fmt::print("{}runs in {}\n", seeds_text(study, seeds), out);
    return kDone;
  }
  const TrainOutcome outcome = train_run(request, train, engine, observer);
  const TrainingResult& result = outcome.result;
  if (outcome.finished_before) fmt::print("{}: already finished, nothing to train\n", out);
  if (outcome.validation) {
    fmt::print("{}", accuracy_line("validation", outcome.validation->metrics, request.recipe,
                                   result.best_epoch));
  }
  if (result.interrupted) {
    throw Error(
        ErrorKind::kInterrupted,
        fmt::format("interrupted; what was learned is saved in {}, --resume continues", out));
  }
  if (test && !was_evaluated_on_test(request.out)) {
    const EvaluatedSplit tested = evaluate_on_test(request.out, outcome, load_test(), engine);
    fmt::print("{}", accuracy_line("test", tested.metrics, request.recipe));
  }
  if (outcome.finished_before) return kDone;
  fmt::print("{:.1f} s of training, {} images/s; run folder {}\n", result.train_seconds,
             grouped(result.images_per_second), out);
  return kDone;
}

}  // namespace inkling

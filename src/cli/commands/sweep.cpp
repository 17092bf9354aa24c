// inkling sweep: a grid over recipe fields, chosen on validation.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "base/number_text.h"
#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/options/recipe_options.h"
#include "cli/terminal_observer.h"
#include "cli/text/training_text.h"
#include "jobs/training/sweep_recipes.h"

namespace inkling {
namespace {

std::string sweep_table(const SweepResult& result) {
  size_t width = 5;
  for (const GridPoint& point : result.points) width = std::max(width, point.folder.size());
  std::string text = fmt::format("  {:<{}}  {:>9}  {:>6}  {:>8}  {:>8}  {:>8}\n", "point", width,
                                 "accuracy", "sd", "loss", "macro F1", "train s");
  for (size_t i = 0; i < result.points.size(); ++i) {
    const SeedStudy& study = result.studies[i];
    const SplitStudy& validation = *study.validation;
    const double sd = validation.accuracy.sd;
    text += fmt::format("{} {:<{}}  {:>9}  {:>6}  {:>8.4f}  {:>8.4f}  {:>8.1f}\n",
                        i == result.best ? '*' : ' ', result.points[i].folder, width,
                        percent(validation.accuracy.mean),
                        std::isnan(sd) ? "" : fmt::format("{:.2f}", 100 * sd), validation.loss.mean,
                        validation.macro_f1.mean, study.mean_seconds());
  }
  return text;
}

}  // namespace

int run_sweep(const Arguments& arguments) {
  RecipeOptions recipe_options;
  SweepRequest request;
  std::string out = "runs/sweep";
  int threads = 0;
  CommandLine line(
      "sweep",
      "Train every combination of some fields' values and find the best on validation\n"
      "images. The same command again continues where it stopped.\n"
      "  inkling sweep --recipe mine.toml --vary lr=1e-3,3e-3 --vary batch=64,128");
  line.texts("--vary", request.vary, "FIELD=a,b,c: a recipe field and its values; may be repeated");
  line.integer("--seeds", request.seeds, 1, 1000,
               "runs per point, with consecutive seeds starting at the recipe's");
  line.text("--out", out, "folder for the points' folders and sweep.json");
  line.integer("--threads", threads, 0, 1024, "0: the cores this process may use");
  recipe_options.add_to(line);
  if (!line.parse(arguments)) return kDone;
  request.recipe = recipe_options.resolve();
  request.out = out;

  Engine engine(
      {.isa = request.recipe.isa, .precision = request.recipe.precision, .threads = threads});
  TerminalObserver observer;
  const SweepResult result =
      sweep_recipes(request, recipe_options.images_of(request.recipe), engine, observer);
  fmt::print("{}best by validation {}: {}\naccuracy {}\n", sweep_table(result),
             request.recipe.val_metric, result.points[result.best].folder,
             accuracy_text(*result.studies[result.best].validation, request.seeds));
  return kDone;
}

}  // namespace inkling

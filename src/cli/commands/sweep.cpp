// inkling sweep: a grid over recipe fields, chosen on validation.
#include <fmt/core.h>

#include <cmath>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/messages.h"
#include "cli/options/data_options.h"
#include "cli/options/recipe_options.h"
#include "cli/options/shared_options.h"
#include "cli/seed_runs.h"
#include "cli/training_job.h"
#include "eval/predict.h"
#include "sys/json_file.h"
#include "train/run/run_folder.h"
#include "train/study/sweep.h"

namespace inkling {
namespace {

void print_table(const std::vector<GridPoint>& points, const std::vector<SeedStudy>& studies,
                 size_t best) {
  size_t width = 5;
  for (const GridPoint& point : points) width = std::max(width, point.folder.size());
  fmt::print("  {:<{}}  {:>9}  {:>6}  {:>8}  {:>8}  {:>8}\n", "point", width, "accuracy", "sd",
             "loss", "macro F1", "train s");
  for (size_t i = 0; i < points.size(); ++i) {
    const SplitStudy& validation = *studies[i].validation;
    const double sd = validation.accuracy.sd;
    fmt::print("{} {:<{}}  {:>9}  {:>6}  {:>8.4f}  {:>8.4f}  {:>8.1f}\n", i == best ? '*' : ' ',
               points[i].folder, width, percent(validation.accuracy.mean),
               std::isnan(sd) ? "" : fmt::format("{:.2f}", 100 * sd), validation.loss.mean,
               validation.macro_f1.mean, studies[i].mean_seconds());
  }
}

}  // namespace

int run_sweep(const Arguments& arguments) {
  RecipeOptions recipe_options;
  std::vector<std::string> vary;
  std::string out = "runs/sweep";
  int seeds = 1, threads = 0;
  CommandLine line("sweep",
                   "Train every combination of some fields' values, and say which does best on\n"
                   "validation images. The same command again goes on where it stopped.\n"
                   "  inkling sweep --recipe mine.toml --vary lr=1e-3,3e-3 --vary batch=64,128");
  line.texts("--vary", vary, "FIELD=a,b,c: a recipe's field and its values; may come again");
  line.integer("--seeds", seeds, 1, 1000, "runs a point, of the seeds from the recipe's on");
  line.text("--out", out, "folder of the points' folders, and sweep.json");
  line.integer("--threads", threads, 0, 1024, "0: the cores this process may use");
  recipe_options.add_to(line);
  if (!line.parse(arguments)) return kDone;
  const Recipe recipe = recipe_options.resolve();
  const std::vector<GridPoint> points = sweep_points(recipe, vary);

  Engine engine({.isa = recipe.isa, .precision = recipe.precision, .threads = threads});
  std::vector<Architecture> nets;
  for (const GridPoint& point : points) nets.push_back(find_architecture(point.recipe.model));
  const Shape input = find_architecture(recipe.model).input;
  const Dataset train = load_images(
      recipe_options.data_of(recipe), Split::kTrain,
      {.height = input.height, .width = input.width, .channels = input.channels}, engine.pool());
  for (const Architecture& net : nets) expect_fit(net, train);  // before anything is written
  const FolderLock alone = lock_for_training(out);
  const std::filesystem::path file = std::filesystem::path(out) / kSweepFile;
  clear_file(file);  // it comes back when all points are done
  std::vector<SeedStudy> studies;
  for (const GridPoint& point : points) {
    const TrainingJob job{
        .recipe = point.recipe, .out = std::filesystem::path(out) / point.folder, .resume = true};
    say("{} ({} of {})\n", point.folder, studies.size() + 1, points.size());
    studies.push_back(run_seeds({.job = job, .seeds = seeds}, train, nullptr, engine));
    if (!studies.back().validation) {
      throw input_error("{}: expected images for validation, found none", job.out.string());
    }
  }
  const size_t best = best_point(studies, recipe.val_metric);
  write_json(file, sweep_json(points, studies, recipe.val_metric, seeds));
  print_table(points, studies, best);
  fmt::print("best by validation {}: {}\naccuracy {}\n", recipe.val_metric, points[best].folder,
             accuracy_text(*studies[best].validation, static_cast<size_t>(seeds)));
  return kDone;
}

}  // namespace inkling

#include "jobs/training/sweep_recipes.h"

#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "eval/predict.h"
#include "jobs/images/load_images.h"
#include "jobs/training/train_model.h"
#include "jobs/training/train_seeds.h"
#include "sys/json_file.h"
#include "train/run/run_folder.h"

namespace inkling {

SweepResult sweep_recipes(const SweepRequest& request, const ImageSource& images, Engine& engine,
                          JobObserver& observer) {
  SweepResult result{.points = sweep_points(request.recipe, request.vary), .studies = {}};
  const std::vector<GridPoint>& points = result.points;
  std::vector<Architecture> nets;
  nets.reserve(points.size());
  for (const GridPoint& point : points) nets.push_back(architecture_of(point.recipe));
  const Dataset train = training_images(request.recipe, images, architecture_of(request.recipe),
                                        engine.pool(), observer);
  for (const Architecture& net : nets) expect_fit(net, train);  // before anything is written
  const FolderLock alone = lock_for_training(request.out);
  const std::filesystem::path file = request.out / kSweepFile;
  clear_file(file);  // written again when all points are done
  for (const GridPoint& point : points) {
    const TrainRequest first{
        .recipe = point.recipe, .out = request.out / point.folder, .resume = true};
    observer.note(
        fmt::format("{} ({} of {})", point.folder, result.studies.size() + 1, points.size()));
    result.studies.push_back(
        train_seeds({.first = first, .seeds = request.seeds}, train, nullptr, engine, observer));
    if (!result.studies.back().validation) {
      throw input_error("{}: expected images for validation, found none", first.out.string());
    }
  }
  const std::string& metric = request.recipe.val_metric;
  result.best = best_point(result.studies, metric);
  write_json(file, sweep_json(points, result.studies, metric, request.seeds));
  return result;
}

}  // namespace inkling

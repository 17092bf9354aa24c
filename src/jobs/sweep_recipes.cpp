#include "jobs/sweep_recipes.h"

#include <fmt/core.h>

#include "eval/predictions.h"
#include "jobs/load_images.h"
#include "jobs/train_seeds.h"
#include "train/run/json_file.h"
#include "train/run/run_folder.h"

namespace inkling {
namespace {

using Json = nlohmann::ordered_json;

double mean_seconds(const Json& study) {
  double sum = 0;
  for (const Json& run : study["runs"]) sum += run["train_seconds"].get<double>();
  return sum / static_cast<double>(study["runs"].size());
}

Json document_of(const SweepRequest& request, const std::vector<GridPoint>& points,
                 const SweepResult& result) {
  Json rows = Json::array();
  for (size_t i = 0; i < points.size(); ++i) {
    rows.push_back({{"fields", points[i].values},
                    {"folder", points[i].folder},
                    {"validation", result.points[i].study["validation"]},
                    {"train_seconds", result.points[i].train_seconds}});
  }
  return {{"metric", request.recipe.val_metric},
          {"seeds", request.seeds},
          {"best", points[result.best].folder},
          {"points", rows}};
}

}  // namespace

SweepResult sweep_recipes(const SweepRequest& request, const ImageSource& images, Engine& engine,
                          JobObserver& observer) {
  const std::vector<GridPoint> points = sweep_points(request.recipe, request.vary);
  std::vector<Architecture> nets;
  for (const GridPoint& point : points) nets.push_back(find_architecture(point.recipe.model));
  const Dataset train = load_images(images, Split::kTrain, find_architecture(request.recipe.model),
                                    engine.pool(), observer);
  for (const Architecture& net : nets) expect_fit(net, train);  // before anything is written
  const FolderLock alone = lock_for_training(request.out);
  clear_file(request.out / "sweep.json");  // it comes back when all points are done
  SweepResult result;
  std::vector<Json> validations;
  for (const GridPoint& point : points) {
    const TrainRequest first{
        .recipe = point.recipe, .out = request.out / point.folder, .resume = true};
    observer.note(
        fmt::format("{} ({} of {})", point.folder, result.points.size() + 1, points.size()));
    Json study =
        train_seeds({.first = first, .seeds = request.seeds}, train, nullptr, engine, observer);
    validations.push_back(study["validation"]);
    const double seconds = mean_seconds(study);
    result.points.push_back({point.folder, std::move(study), seconds});
  }
  result.best = best_point(validations, request.recipe.val_metric);
  write_json(request.out / "sweep.json", document_of(request, points, result));
  return result;
}

}  // namespace inkling

// A grid over recipe fields, trained point by point and chosen on validation images. The same
// request again continues where it stopped.
//
//   SweepResult found = sweep_recipes({.recipe = recipe, .vary = {"lr=1e-3,3e-3"}, .out =
//   "runs/s"},
//                                     {.dataset = "mnist"}, engine, observer);
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "data/sources/image_source.h"
#include "jobs/observer.h"
#include "nn/engine.h"
#include "train/study/sweep.h"

namespace inkling {

struct SweepRequest {
  Recipe recipe;
  std::vector<std::string> vary;  // "FIELD=a,b,c"
  int seeds = 1;                  // per point
  std::filesystem::path out;      // for the points' folders and sweep.json
};

struct SweepResult {
  std::vector<GridPoint> points;
  std::vector<SeedStudy> studies;  // of the points; each has a validation
  size_t best = 0;                 // index of the best by the recipe's val_metric
};

// Throws Error (usage) if the grid is invalid; Error as train_seeds does. Threads: observer.h.
SweepResult sweep_recipes(const SweepRequest& request, const ImageSource& images, Engine& engine,
                          JobObserver& observer);

}  // namespace inkling

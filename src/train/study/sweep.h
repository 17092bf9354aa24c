// A grid over recipe fields: the recipes to try, and which did best on validation images. Not the
// training (jobs/sweep_recipes.h).
//
//   std::vector<GridPoint> points = sweep_points(recipe, {{"lr=1e-3,3e-3"}, {"batch=64,128"}});
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "train/recipe/recipe.h"
#include "train/study/seed_study.h"

namespace inkling {

struct GridPoint {
  Recipe recipe;
  std::map<std::string, std::string> values;  // by field, as typed
  std::string folder;                         // "batch=64,lr=1e-3"
};

// Every combination of "FIELD=a,b,c", the last field fastest. Throws Error (usage) naming what is
// not a field, not a value of it, given twice, or must not vary (seeds and images).
std::vector<GridPoint> sweep_points(const Recipe& recipe, std::span<const std::string> vary);

// The index of the best by the mean of `metric` (as Recipe::val_metric) over its seeds; the first
// among equals. Every study must have a validation.
size_t best_point(std::span<const SeedStudy> studies, const std::string& metric);

// sweep.json: {metric, seeds, best (its folder), points: [{fields: {path: value}, folder,
// validation (as in seeds.json), train_seconds (mean)}]}, one study per point.
inline constexpr const char* kSweepFile = "sweep.json";
nlohmann::ordered_json sweep_json(std::span<const GridPoint> points,
                                  std::span<const SeedStudy> studies, const std::string& metric,
                                  int seeds);

}  // namespace inkling

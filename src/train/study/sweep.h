// A grid over recipe fields: which recipes there are to try, and which did best on validation. Not
// the trying (cli).
//
//   std::vector<GridPoint> points = sweep_points(recipe, {{"lr=1e-3,3e-3"}, {"batch=64,128"}});
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "train/recipe/recipe.h"

namespace inkling {

struct GridPoint {
  Recipe recipe;
  std::map<std::string, std::string> values;  // by field, as typed
  std::string folder;                         // "batch=64,lr=1e-3"
};

// Every combination of "FIELD=a,b,c", the last field fastest. Throws Error (usage) naming what is
// no field, no value of it, said twice, or not to be varied (seeds and images).
std::vector<GridPoint> sweep_points(const Recipe& recipe, std::span<const std::string> vary);

// The index of the best by the mean of `metric` (as Recipe::val_metric) over its seeds; the first
// among equals. `validations`: each point's seed_study()["validation"].
size_t best_point(std::span<const nlohmann::ordered_json> validations, const std::string& metric);

}  // namespace inkling

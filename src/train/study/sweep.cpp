#include "train/study/sweep.h"

#include <fmt/core.h>

#include <algorithm>
#include <cctype>
#include <set>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "train/recipe/recipe_fields.h"

namespace inkling {
namespace {

// The same for all points: one dataset is loaded, one engine computes, and --seeds sets the seeds.
constexpr std::string_view kCommon[] = {"dataset", "images", "labels",   "pictures",
                                        "seed",    "isa",    "precision"};

struct Axis {
  const RecipeField* field;
  std::vector<std::string> values;
};

Axis axis_of(const std::string& vary) {
  const size_t equals = vary.find('=');
  if (equals == vary.npos) {
    throw usage_error("--vary: expected FIELD=a,b,c, found \"{}\"", vary);
  }
  std::string path = vary.substr(0, equals);
  const RecipeField* field = find_recipe_field(path);
  // As in a recipe, a section's name stands for its first field.
  for (const char* end : {".name", ".preset"}) {
    if (field == nullptr) field = find_recipe_field(path + end);
  }
  if (field == nullptr) {
    throw usage_error("--vary: unknown field \"{}\"{}", path, nearest_field(path));
  }
  if (std::ranges::find(kCommon, field->path) != std::end(kCommon)) {
    throw usage_error("--vary {}: it is the same for all points{}", field->path,
                      field->path == "seed" ? "; --seeds N tries N seeds" : "");
  }
  Axis axis{.field = field, .values = {}};
  for (size_t begin = equals + 1; begin <= vary.size();) {
    const size_t end = std::min(vary.find(',', begin), vary.size());
    axis.values.push_back(vary.substr(begin, end - begin));
    begin = end + 1;
  }
  return axis;
}

// Names that are safe as a folder's.
std::string folder_of(const std::map<std::string, std::string>& values) {
  std::string name;
  for (const auto& [field, value] : values) {
    name += fmt::format("{}{}={}", name.empty() ? "" : ",", field, value);
  }
  for (char& c : name) {
    if (!std::isalnum(static_cast<unsigned char>(c)) &&
        std::string_view("=,.+-_").find(c) == std::string_view::npos) {
      c = '_';
    }
  }
  return name;
}

}  // namespace

std::vector<GridPoint> sweep_points(const Recipe& recipe, std::span<const std::string> vary) {
  if (vary.empty()) throw usage_error("sweep: --vary FIELD=a,b,c is missing");
  std::vector<GridPoint> points{{.recipe = recipe, .values = {}, .folder = {}}};
  for (const std::string& text : vary) {
    const Axis axis = axis_of(text);
    std::vector<GridPoint> grown;
    for (const GridPoint& point : points) {
      if (point.values.contains(axis.field->path)) {
        throw usage_error("--vary {}: given twice", axis.field->path);
      }
      for (const std::string& value : axis.values) {
        GridPoint next = point;
        set_field_from_text(next.recipe, *axis.field, value,
                            fmt::format("--vary {}", axis.field->path));
        next.values[axis.field->path] = value;
        grown.push_back(std::move(next));
      }
    }
    points = std::move(grown);
  }
  std::set<std::string> folders;
  for (GridPoint& point : points) {
    check_recipe(point.recipe);
    if (point.recipe.val_fraction == 0) {
      throw usage_error("sweep: points are chosen on validation images, and val_fraction is 0");
    }
    point.folder = folder_of(point.values);
    if (!folders.insert(point.folder).second) {
      throw usage_error("--vary: two points are called {}", point.folder);
    }
  }
  return points;
}

size_t best_point(std::span<const SeedStudy> studies, const std::string& metric) {
  const auto merit = [&](const SeedStudy& study) {
    const SplitStudy& validation = *study.validation;
    if (metric == "loss") return -validation.loss.mean;
    return (metric == "macro-f1" ? validation.macro_f1 : validation.accuracy).mean;
  };
  size_t best = 0;
  for (size_t i = 1; i < studies.size(); ++i) {
    if (merit(studies[i]) > merit(studies[best])) best = i;
  }
  return best;
}

nlohmann::ordered_json sweep_json(std::span<const GridPoint> points,
                                  std::span<const SeedStudy> studies, const std::string& metric,
                                  int seeds) {
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  for (size_t i = 0; i < points.size(); ++i) {
    rows.push_back({{"fields", points[i].values},
                    {"folder", points[i].folder},
                    {"validation", split_study_json(studies[i].validation)},
                    {"train_seconds", studies[i].mean_seconds()}});
  }
  return {{"metric", metric},
          {"seeds", seeds},
          {"best", points[best_point(studies, metric)].folder},
          {"points", rows}};
}

}  // namespace inkling

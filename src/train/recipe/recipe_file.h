// Recipes as TOML. A section may be a table or, where its defaults do, its name alone:
//
//   model = "cnn3"
//   schedule = "cosine"                 # as [schedule] name = "cosine"
//   [augment]
//   preset = "standard"                 # fills the section, whatever stands where in it
//   rotation = 12
//
// What is not said keeps its default. [made_with], which a run's own recipe.toml has, says what ran
// it and is not read.
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <string_view>

#include "train/recipe/recipe.h"

namespace inkling {

struct RecipeFile {
  Recipe recipe;
  std::set<std::string> given;  // paths of the fields it says something of
};

// Throws Error naming the file, the line and, for a field or table there is none of, the nearest
// one (usage); or if it is no TOML (input).
RecipeFile read_recipe(const std::filesystem::path& path);
// The same of a file's text; `source` is what errors call it.
RecipeFile parse_recipe(std::string_view text, const std::string& source);

// Every field, with version, kernel variant and precision of the machine that ran it.
std::string recipe_toml(const Recipe& recipe, std::string_view variant, std::string_view precision);

// "epochs: 10 here, 20 there": the first field in which they differ, or "".
std::string first_difference(const Recipe& here, const Recipe& there);

// The recipe.toml of a run, to cut its images as it cut them (training_split.h). Throws Error
// naming the file as read_recipe does, and (input) if it is missing or does not say how.
Recipe read_run_recipe(const std::filesystem::path& path);

}  // namespace inkling

// Recipes as TOML text. A section may be a table or, if its defaults will do, its name alone:
//
//   model = "cnn3"
//   schedule = "cosine"                 # short for [schedule] name = "cosine"
//   [augment]
//   preset = "standard"                 # fills the section, wherever it stands in it
//   rotation = 12
//
// Fields left out keep their defaults. [made_with], which a run's own recipe.toml has, records what
// ran the recipe and is not read. Not files: recipe_file.h.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "train/recipe/recipe.h"

namespace inkling {

struct ParsedRecipe {
  Recipe recipe;
  std::set<std::string> given;  // paths of the fields the text sets
};

// `source` is what errors call the text. Throws Error (usage) naming source, line and, for an
// unknown field or table, the nearest known one; (input) if the text is not TOML.
ParsedRecipe parse_recipe(std::string_view text, const std::string& source);

// Every field, with version, kernel variant and precision of the machine that ran it.
std::string recipe_toml(const Recipe& recipe, std::string_view variant, std::string_view precision);

}  // namespace inkling

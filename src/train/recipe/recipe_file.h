// Recipes read from files. Not their syntax: recipe_toml.h.
#pragma once

#include <filesystem>

#include "train/recipe/recipe_toml.h"

namespace inkling {

// Throws Error as parse_recipe does, naming the file; (input) if it cannot be read.
ParsedRecipe read_recipe(const std::filesystem::path& path);

// The recipe.toml of a run, to split its images as the run split them (training_split.h). Throws
// Error as read_recipe does, and (input) if the file is missing or does not say how.
Recipe read_run_recipe(const std::filesystem::path& path);

}  // namespace inkling

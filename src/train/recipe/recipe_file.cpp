#include "train/recipe/recipe_file.h"

#include <utility>

#include "base/error.h"
#include "sys/file.h"

namespace inkling {

ParsedRecipe read_recipe(const std::filesystem::path& path) {
  return parse_recipe(read_text_file(path), path.string());
}

Recipe read_run_recipe(const std::filesystem::path& path) {
  if (!std::filesystem::exists(path)) {
    throw input_error(
        "{} is missing (an ensemble has none), so it is unknown which images were kept for "
        "validation: evaluate on the test set or on your own files",
        path.string());
  }
  ParsedRecipe file = read_recipe(path);
  for (const char* field : {"val_fraction", "seed"}) {
    if (!file.given.contains(field)) throw input_error("{}: {} is missing", path.string(), field);
  }
  return std::move(file.recipe);
}

}  // namespace inkling

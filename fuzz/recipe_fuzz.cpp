// Any text as a recipe. What is accepted can be written and read back as the same recipe.
#include <cstddef>
#include <string>

#include "expect.h"
#include "train/recipe/recipe_fields.h"
#include "train/recipe/recipe_toml.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace inkling;
  fuzz::expect_value_or_error([&] {
    const Recipe recipe = parse_recipe(std::string(data, data + size), "fuzz").recipe;
    const std::string text = recipe_toml(recipe, "generic", "f32");
    INKLING_CHECK(first_difference(recipe, parse_recipe(text, "again").recipe).empty());
  });
  return 0;
}

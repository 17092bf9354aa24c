#include "cli/options/recipe_options.h"

#include <fmt/core.h>

#include "cli/options/data_options.h"
#include "cli/options/shared_options.h"
#include "store/find_model.h"
#include "train/recipe/recipe_fields.h"
#include "train/recipe/recipe_file.h"

namespace inkling {
namespace {

// Fields of one section stand together in the help.
std::string group_of(const RecipeField& field) {
  if (field.path.starts_with("optimiser.")) return "Optimiser";
  if (field.path.starts_with("schedule.")) return "Schedule";
  if (field.path.starts_with("distil.")) return "Distillation";
  if (field.path.starts_with("augment.")) return "Augmentation";
  return "";
}

// "10 epochs", "adam"; empty if there is no default.
std::string default_of(const RecipeField& field) {
  const FieldValue value = value_of(Recipe{}, field);
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  const std::string shown = show_value(value);
  return field.unit.empty() ? shown : fmt::format("{} {}", shown, field.unit);
}

bool names_images(const std::string& path) {
  return path == "dataset" || path == "images" || path == "labels" || path == "pictures";
}

}  // namespace

void RecipeOptions::add_to(CommandLine& line) {
  line.text("--recipe", file_, "recipe file (.toml); options override its fields");
  for (const RecipeField& field : recipe_fields()) {
    line.value({.option = option_of(field),
                .type = type_of(field),
                .shown_default = default_of(field),
                .help = field.help,
                .group = group_of(field)},
               [this, path = field.path](const std::string& text) { given_[path] = text; });
    if (field.path == "dataset") add_data_dir_option(line, data_dir_);
  }
}

Recipe RecipeOptions::resolve(const std::filesystem::path& otherwise) const {
  ParsedRecipe file;
  if (!file_.empty()) {
    file = read_recipe(file_);
  } else if (!otherwise.empty()) {
    file = read_recipe(otherwise);
  }
  Recipe& recipe = file.recipe;
  bool source_given = false;
  for (const RecipeField& field : recipe_fields()) {  // a preset before the fields it sets
    const auto text = given_.find(field.path);
    if (text == given_.end()) continue;
    if (names_images(field.path) && !source_given) {
      recipe.dataset = recipe.images = recipe.labels = recipe.pictures = "";
      source_given = true;
    }
    set_field_from_text(recipe, field, text->second, option_of(field));
  }
  const bool model_given = given_.contains("model") || file.given.contains("model");
  if (!recipe.init.empty()) {
    if (!names_built_in_reader(recipe.init)) model_file_of(recipe.init, "--init");  // or it throws
    if (!model_given) recipe.model = recipe.init;
  }
  require_one_source(images_of(recipe));
  check_recipe(recipe);
  return recipe;
}

ImageSource RecipeOptions::images_of(const Recipe& recipe) const {
  return {.dataset = recipe.dataset,
          .data_dir = data_dir_,
          .images = recipe.images,
          .labels = recipe.labels,
          .pictures = recipe.pictures};
}

}  // namespace inkling

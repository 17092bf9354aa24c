// The fields of a recipe, each defined once: its name in TOML, its unit, range and meaning. Reading
// and writing recipes, the options of `inkling train`, `inkling sweep --vary` and docs/recipes.md
// follow from this table.
//
//   const RecipeField* field = find_recipe_field("optimiser.momentum");
//   set_field_from_text(recipe, *field, "0.95", option_of(*field));
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "train/recipe/recipe.h"

namespace inkling {

// Where the value lives, which also gives its type. Setting a preset sets all ranges.
struct PresetOfAugmentation {};
using FieldPlace = std::variant<std::string& (*)(Recipe&), int& (*)(Recipe&),
                                uint64_t& (*)(Recipe&), double& (*)(Recipe&), bool& (*)(Recipe&),
                                double AugmentOptions::*, PresetOfAugmentation>;

struct RecipeField {
  std::string path;  // as in TOML: "epochs", "optimiser.momentum"
  FieldPlace place;
  double low = 0, high = 0;                    // of numbers, both allowed ...
  bool above_low = false;                      // ... except low itself if this is set
  std::vector<std::string_view> choices = {};  // of texts with a fixed set of values
  std::string unit = {};                       // "images", "epochs"; empty: none
  std::string help = {};
};

// In the order they are written. A section's name ("optimiser.name", "schedule.name",
// "augment.preset") precedes its other fields.
std::span<const RecipeField> recipe_fields();
const RecipeField* find_recipe_field(std::string_view path);  // null if unknown
// " (did you mean \"...\"?)", or "".
std::string nearest_field(std::string_view path);

// "--val-fraction", "--optimiser-momentum"; "--optimiser" for "optimiser.name".
std::string option_of(const RecipeField& field);
// "N", "X", "TEXT", "true|false", "accuracy|loss|macro-f1".
std::string type_of(const RecipeField& field);
// "1 to 65536", "above 0, at most 1000"; empty for texts.
std::string range_of(const RecipeField& field);

// Whole numbers are int64_t, whatever the field's own type.
using FieldValue = std::variant<std::string, int64_t, double, bool>;
FieldValue value_of(const Recipe& recipe, const RecipeField& field);
// As written in TOML: 'adam', 0.001, true.
std::string show_value(const FieldValue& value);

// Throws Error (usage) "WHERE: expected a whole number from 1 to 65536, found 0" if type or range
// do not fit. Reals accept whole numbers. `found` is what the user wrote.
void set_field(Recipe& recipe, const RecipeField& field, const FieldValue& value,
               std::string_view where, std::string_view found);
// From the command line, parsed strictly; throws as set_field does.
void set_field_from_text(Recipe& recipe, const RecipeField& field, const std::string& text,
                         std::string_view where);

// "epochs: 10 here, 20 there": the first field in which they differ, or "".
std::string first_difference(const Recipe& here, const Recipe& there);

// Checks conditions between fields. Throws Error (usage) naming them.
void check_recipe(const Recipe& recipe);

}  // namespace inkling

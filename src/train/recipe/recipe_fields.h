// The fields of a recipe, each said once: its name in TOML, its unit, range and meaning. Reading
// and writing recipe files, the options of `inkling train`, `inkling sweep --vary` and
// docs/recipes.md follow from this table.
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

// Where the value lives, which also says its type. A preset fills all ranges when it is set.
struct PresetOfAugmentation {};
using FieldPlace = std::variant<std::string& (*)(Recipe&), int& (*)(Recipe&),
                                uint64_t& (*)(Recipe&), double& (*)(Recipe&), bool& (*)(Recipe&),
                                double AugmentOptions::*, PresetOfAugmentation>;

struct RecipeField {
  std::string path;  // as in TOML: "epochs", "optimiser.momentum"
  FieldPlace place;
  double low = 0, high = 0;                    // of numbers, both allowed ...
  bool above_low = false;                      // ... but low itself where this is set
  std::vector<std::string_view> choices = {};  // of texts that are one of a few
  std::string unit = {};                       // "images", "epochs"; empty: none
  std::string help = {};
};

// In the order they are written. A section's name ("optimiser.name", "schedule.name",
// "augment.preset") stands before its other fields.
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

// Whole numbers are int64_t, whatever the field counts.
using FieldValue = std::variant<std::string, int64_t, double, bool>;
FieldValue value_of(const Recipe& recipe, const RecipeField& field);
// As written in TOML: 'adam', 0.001, true.
std::string show_value(const FieldValue& value);

// Throws Error (usage) "WHERE: expected a whole number from 1 to 65536, found 0" where type or
// range do not fit. Whole numbers do for reals. `found` is what the user wrote.
void set_field(Recipe& recipe, const RecipeField& field, const FieldValue& value,
               std::string_view where, std::string_view found);
// From a word of the command line, strictly; throws as set_field does.
void set_field_from_text(Recipe& recipe, const RecipeField& field, const std::string& text,
                         std::string_view where);

// "epochs: 10 here, 20 there": the first field in which they differ, or "".
std::string first_difference(const Recipe& here, const Recipe& there);

// What no field can see alone. Throws Error (usage) naming the fields.
void check_recipe(const Recipe& recipe);

}  // namespace inkling

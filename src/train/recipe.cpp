#include "train/recipe.h"

#include <toml++/toml.h>

#include <sstream>

#include "base/error.h"
#include "base/file.h"
#include "data/augment_options.h"

namespace inkling {

std::string recipe_toml(const Recipe& recipe, std::string_view variant,
                        std::string_view precision) {
  toml::table optimiser{{"name", recipe.optimiser.name}};
  if (recipe.optimiser.name == "sgd") {
    optimiser.insert("momentum", recipe.optimiser.momentum);
    optimiser.insert("nesterov", recipe.optimiser.nesterov);
  } else {
    optimiser.insert("beta1", recipe.optimiser.beta1);
    optimiser.insert("beta2", recipe.optimiser.beta2);
    optimiser.insert("epsilon", recipe.optimiser.epsilon);
  }
  // The ranges behind the name, for a later version may have others.
  toml::table augmentation;
  const AugmentOptions ranges = augment_preset(recipe.augment);
  for (const AugmentField& field : augment_fields()) {
    augmentation.insert(field.name, ranges.*field.value);
  }
  toml::table table{
      {"model", recipe.model},
      {"dataset", recipe.dataset},
      {"epochs", recipe.epochs},
      {"batch", recipe.batch},
      {"lr", recipe.lr},
      {"schedule", schedule_name(recipe.schedule)},
      {"seed", static_cast<int64_t>(recipe.seed)},
      {"val_fraction", recipe.val_fraction},
      {"augment", recipe.augment},
      {"patience", recipe.patience},
      {"val_metric", recipe.val_metric},
      {"optimiser", optimiser},
      {"augmentation", augmentation},
      {"made_with",
       toml::table{{"inkling", INKLING_VERSION}, {"variant", variant}, {"precision", precision}}},
  };
  for (const auto& [key, file] : recipe.files) table.insert(key, file);
  std::ostringstream text;
  text << table << '\n';
  return text.str();
}

RecipeSplit read_recipe_split(const std::filesystem::path& path) {
  toml::table table;
  try {
    table = toml::parse(read_text_file(path));
  } catch (const toml::parse_error& error) {
    throw input_error("{}:{}: not TOML: {}", path.string(), error.source().begin.line,
                      error.description());
  }
  const auto fraction = table["val_fraction"].value<double>();
  const auto seed = table["seed"].value<int64_t>();
  if (!fraction || !seed) throw input_error("{}: val_fraction or seed is missing", path.string());
  return {*fraction, static_cast<uint64_t>(*seed)};
}

}  // namespace inkling

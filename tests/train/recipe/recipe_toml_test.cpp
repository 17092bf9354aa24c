#include "train/recipe/recipe_toml.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/expect_error.h"
#include "train/recipe/recipe_fields.h"

namespace inkling {
namespace {

using testing::HasSubstr;

ParsedRecipe read(const std::string& toml) { return parse_recipe(toml, "r.toml"); }

// A recipe in which every field is away from its default.
Recipe unlike_the_default() {
  Recipe recipe;
  set_field_from_text(recipe, *find_recipe_field("augment.preset"), "strong", "");
  for (const RecipeField& field : recipe_fields()) {
    if (field.path == "augment.preset") continue;
    const FieldValue value = value_of(recipe, field);
    FieldValue other;
    if (!field.choices.empty()) {
      other =
          std::string(field.choices.back() == std::get<std::string>(value) ? field.choices.front()
                                                                           : field.choices.back());
    } else if (std::holds_alternative<std::string>(value)) {
      other = fmt::format("it's \"{}\"\\", field.path);
    } else if (const bool* flag = std::get_if<bool>(&value)) {
      other = !*flag;
    } else if (const double* real = std::get_if<double>(&value)) {
      other = field.low + (field.high - field.low) / 3 + 1e-9;
      EXPECT_NE(*real, std::get<double>(other));
    } else {
      other = std::get<int64_t>(value) + 3;
    }
    set_field(recipe, field, other, field.path, "");
  }
  return recipe;
}

TEST(RecipeToml, EveryFieldThatIsWrittenReadsBackExactly) {
  Recipe recipe = unlike_the_default();
  for (const RecipeField& field : recipe_fields()) {
    EXPECT_NE(value_of(recipe, field), value_of(Recipe{}, field)) << field.path;
  }
  const ParsedRecipe back = read(recipe_toml(recipe, "avx2", "f32"));
  EXPECT_EQ(first_difference(back.recipe, recipe), "");
  EXPECT_EQ(back.given.size(), recipe_fields().size());
}

TEST(RecipeToml, NamesVersionVariantAndPrecisionOfTheirRun) {
  const std::string text = recipe_toml({}, "avx2", "f32");
  for (const char* line : {"[made_with]", "inkling = '" INKLING_VERSION "'", "variant = 'avx2'",
                           "precision = 'f32'"}) {
    EXPECT_THAT(text, HasSubstr(line));
  }
}

TEST(RecipeToml, WhatIsNotSaidKeepsItsDefault) {
  const ParsedRecipe file = read("epochs = 3\nlr = 1\n");
  Recipe wanted;
  wanted.epochs = 3;
  wanted.lr = 1;
  EXPECT_EQ(first_difference(file.recipe, wanted), "");
  EXPECT_EQ(file.given, (std::set<std::string>{"epochs", "lr"}));
}

TEST(RecipeToml, SectionsMayBeTheirNameAlone) {
  const Recipe recipe =
      read("optimiser = 'muon'\nschedule = 'cosine'\naugment = 'standard'\n").recipe;
  EXPECT_EQ(recipe.optimiser.name, "muon");
  EXPECT_EQ(recipe.schedule.name, "cosine");
  EXPECT_EQ(recipe.augment, augmentation("standard"));
}

TEST(RecipeToml, PresetsFillTheirSectionWhateverStandsBeforeThem) {
  const Recipe recipe = read("[augment]\nnoise = 3\npreset = 'standard'\n").recipe;
  EXPECT_EQ(recipe.augment.ranges.noise, 3);
  EXPECT_EQ(recipe.augment.ranges.rotation, augment_preset("standard").rotation);
}

TEST(RecipeToml, FilesReplaceTheDefaultDataset) {
  const Recipe recipe = read("pictures = 'mine'\n").recipe;
  EXPECT_EQ(recipe.dataset, "");
  EXPECT_EQ(recipe.data_name(), "mine");
  EXPECT_ERROR(check_recipe(read("pictures = 'mine'\ndataset = 'mnist'\n").recipe),
               ErrorKind::kUsage, "dataset", "pictures");
  EXPECT_ERROR(check_recipe(read("images = 'mine'\n").recipe), ErrorKind::kUsage, "labels");
}

TEST(RecipeToml, UnknownFieldsAndTablesAreRefusedNamingLineAndNearest) {
  const std::pair<const char*, std::vector<const char*>> wrong[] = {
      {"epochs = 1\nepoch = 2\n", {"r.toml:2", "\"epoch\"", "did you mean \"epochs\""}},
      {"\n[optimizer]\nname = 'sgd'\n", {"r.toml:2", "\"optimizer\"", "\"optimiser\""}},
      {"[optimiser]\nmomentun = 1\n", {"r.toml:2", "momentun", "\"optimiser.momentum\""}},
      {"momentum = 0.5\n", {"r.toml:1", "\"optimiser.momentum\""}},
      {"[augment]\nrotatoin = 1\n", {"r.toml:2", "\"augment.rotation\""}},
      {"optimizer = 'sgd'\n", {"r.toml:1", "\"optimiser\""}},
      {"[epochs]\n", {"r.toml:1", "epochs", "whole number"}},
  };
  for (const auto& [toml, parts] : wrong) {
    try {
      read(toml);
      ADD_FAILURE() << toml;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kUsage);
      for (const char* part : parts) EXPECT_THAT(error.what(), HasSubstr(part));
    }
  }
}

TEST(RecipeToml, WrongTypesAndValuesOutOfRangeAreRefusedNamingTheLine) {
  EXPECT_ERROR(read("\nepochs = 0\n"), ErrorKind::kUsage, "r.toml:2: epochs", "1 to 100000",
               "found 0");
  EXPECT_ERROR(read("epochs = 'ten'"), ErrorKind::kUsage, "whole number", "found 'ten'");
  EXPECT_ERROR(read("epochs = 2.5"), ErrorKind::kUsage, "whole number", "found 2.5");
  EXPECT_ERROR(read("lr = 0"), ErrorKind::kUsage, "above 0", "found 0");
  EXPECT_ERROR(read("lr = nan"), ErrorKind::kUsage, "above 0", "found nan");
  EXPECT_ERROR(read("seed = -1"), ErrorKind::kUsage, "from 0", "found -1");
  EXPECT_ERROR(read("model = 3"), ErrorKind::kUsage, "a text", "found 3");
  EXPECT_ERROR(read("model = ''"), ErrorKind::kUsage, "a text");
  EXPECT_ERROR(read("model = ['a']"), ErrorKind::kUsage, "a text");
  EXPECT_ERROR(read("optimiser.nesterov = 1"), ErrorKind::kUsage, "true or false", "found 1");
  EXPECT_ERROR(read("keep = 'lsat'"), ErrorKind::kUsage, "best, last", "did you mean \"last\"");
  EXPECT_ERROR(read("augment = 'heavy'"), ErrorKind::kUsage, "none, standard, strong");
  EXPECT_ERROR(read("[augment]\nrotation = 181"), ErrorKind::kUsage, "r.toml:2", "0", "180");
  EXPECT_ERROR(read("a = = 1\n"), ErrorKind::kInput, "r.toml:1", "not TOML");
}

TEST(RecipeToml, WhatNoFieldSeesAloneIsRefused) {
  EXPECT_ERROR(check_recipe(read("epochs = 2\n[schedule]\nwarmup = 2\n").recipe), ErrorKind::kUsage,
               "schedule.warmup", "epochs", "2");
  EXPECT_ERROR(check_recipe(read("[augment]\nscale_low = 2\n").recipe), ErrorKind::kUsage,
               "scale_low");
}

TEST(RecipeToml, DifferencesNameTheField) {
  Recipe here, there;
  EXPECT_EQ(first_difference(here, there), "");
  here.optimiser.momentum = 0.5;
  EXPECT_EQ(first_difference(here, there), "optimiser.momentum: 0.5 here, 0.9 there");
}

}  // namespace
}  // namespace inkling

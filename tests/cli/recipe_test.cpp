// Recipes as a user meets them: files, options, help, docs/recipes.md, and the run that comes again
// from what it wrote.
#include <fmt/core.h>

#include <sstream>

#include "cli/program.h"
#include "nn/architecture/zoo.h"
#include "train/recipe/recipe_fields.h"
#include "train/recipe/recipe_file.h"

namespace inkling {
namespace {

using testing::HasSubstr;

// A field's row in docs/recipes.md.
std::string documented(const RecipeField& field) {
  const FieldValue value = value_of(Recipe{}, field);
  const std::string shown = value == FieldValue(std::string()) ? "" : show_value(value);
  const auto code = [](const std::string& text) {
    return text.empty() ? "" : fmt::format("`{}`", text);
  };
  return fmt::format("| {} | {} | {} | {} | {} |", code(field.path), code(shown), field.unit,
                     range_of(field), field.help);
}

TEST(RecipeDocs, ListEveryFieldWithDefaultUnitRangeAndMeaningAndNoOther) {
  const std::string docs =
      read_text_file(std::filesystem::path(INKLING_SOURCE) / "docs/recipes.md");
  size_t rows = 0;
  std::istringstream lines(docs);
  for (std::string line; std::getline(lines, line);) rows += line.starts_with("| `");
  EXPECT_EQ(rows, recipe_fields().size());
  for (const RecipeField& field : recipe_fields()) {
    EXPECT_NE(docs.find(documented(field) + "\n"), docs.npos) << documented(field);
  }
}

TEST(Recipes, ThoseThatComeWithInklingReadAndNameNetworksItHas) {
  int recipes = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::filesystem::path(INKLING_SOURCE) / "recipes")) {
    const ParsedRecipe file = read_recipe(entry.path());
    EXPECT_NO_THROW(check_recipe(file.recipe)) << entry.path();
    EXPECT_NO_THROW(zoo_architecture(file.recipe.model)) << entry.path();
    EXPECT_EQ(file.recipe.dataset, "mnist") << entry.path();
    ++recipes;
  }
  EXPECT_GE(recipes, 7);
}

class RecipeProgram : public Program {
 protected:
  RecipeProgram() { write_tiny(affordable_count()); }

  // Trains by a recipe file's text and options; returns the weights.
  std::string weights(const std::string& toml, const Words& more = {}) const {
    write_file(folder_ / "r.toml", toml);
    Words words{"train", "--recipe", "r.toml", "--out", "run"};
    words.insert(words.end(), more.begin(), more.end());
    const Finished finished = run(words);
    EXPECT_EQ(finished.code, 0) << finished.err;
    return finished.code == 0 ? read_json("run/metrics.json")["weights_sha256"] : "";
  }
};

constexpr const char* kRecipe = R"(
model = "logistic"
dataset = "tiny"
epochs = 2
batch = 50
lr = 0.01
)";

TEST_F(Program, TrainsHelpListsEveryFieldWithItsDefaultAndUnit) {
  const std::string help = run({"train", "--help"}).out;
  for (const RecipeField& field : recipe_fields()) {
    const size_t at = help.find("\n  " + option_of(field) + " ");
    ASSERT_NE(at, std::string::npos) << field.path;
    const std::string text = help.substr(at, help.find("\n  --", at + 1) - at);
    EXPECT_THAT(text, HasSubstr(field.help));
    if (value_of(Recipe{}, field) == FieldValue(std::string())) continue;
    EXPECT_THAT(text, HasSubstr(fmt::format("{}]", field.unit)));
  }
}

TEST_F(RecipeProgram, ARunsOwnRecipeGivesItsWeightsAgain) {
  const std::string first = weights(kRecipe + std::string(R"(
val_fraction = 0.2
seed = 7
precision = "f32"
limit = 150
label_smoothing = 0.1
ema = 0.9
keep = "last"
optimiser = "muon"
[schedule]
name = "one-cycle"
warmup = 0.5
[augment]
preset = "standard"
rotation = 3.25
elastic_alpha = 5
)"));
  std::filesystem::copy(folder_ / "run/recipe.toml", folder_ / "own.toml");
  const std::string own = read_text_file(folder_ / "own.toml");
  EXPECT_EQ(weights(own), first);
  EXPECT_EQ(read_text_file(folder_ / "run/recipe.toml"), own);
  EXPECT_NE(weights(own, {"--augment-rotation", "3.5"}), first);
}

TEST_F(RecipeProgram, OptionsWinOverTheFileWhichWinsOverDefaults) {
  weights(kRecipe, {"--epochs", "1", "--augment", "standard", "--augment-shift", "2"});
  const std::string recipe = read_text_file(folder_ / "run/recipe.toml");
  for (const char* line : {"\nepochs = 1\n", "\nbatch = 50\n", "\npatience = 0\n",
                           "\npreset = 'standard'\n", "\nshift = 2.0\n", "\nrotation = 10.0\n"}) {
    EXPECT_THAT(recipe, HasSubstr(line));
  }
}

TEST_F(RecipeProgram, FilesOnTheCommandLineReplaceTheRecipesDataSet) {
  const std::string files = "data/tiny/train-";
  weights(kRecipe,
          {"--images", files + "images-idx3-ubyte", "--labels", files + "labels-idx1-ubyte"});
  const std::string recipe = read_text_file(folder_ / "run/recipe.toml");
  EXPECT_THAT(recipe, HasSubstr("images = '" + files));
  EXPECT_THAT(recipe, testing::Not(HasSubstr("dataset")));
  EXPECT_EQ(read_json("run/metrics.json")["dataset"], files + "images-idx3-ubyte");
}

TEST_F(RecipeProgram, MistakesAreRefusedWithCode2NamingFileLineAndNearest) {
  write_file(folder_ / "r.toml", "epochs = 1\nbacth = 3\n");
  expect_failure(run({"train", "--recipe", "r.toml", "--out", "run"}), 2,
                 {"r.toml:2", "\"bacth\"", "did you mean \"batch\""});
  write_file(folder_ / "r.toml", "epochs = 'many'\n");
  expect_failure(run({"train", "--recipe", "r.toml", "--out", "run"}), 2,
                 {"r.toml:1: epochs", "whole number", "'many'"});
  expect_failure(run({"train", "--recipe", "none.toml"}), 1, {"none.toml"});
  EXPECT_FALSE(exists("run"));
}

TEST_F(RecipeProgram, WithoutValidationImagesTheMetricsAreComplete) {
  const std::string sha = weights(kRecipe, {"--val-fraction", "0"});
  const nlohmann::json metrics = read_json("run/metrics.json");
  EXPECT_EQ(sha.size(), 64u);
  EXPECT_EQ(metrics["parameters"], 7850);
  EXPECT_EQ(metrics["dataset"], "tiny");
  EXPECT_EQ(metrics["n"], 0);
  EXPECT_TRUE(metrics["accuracy"].is_null());
  EXPECT_EQ(metrics["best_epoch"], 2);
}

TEST_F(RecipeProgram, DivergenceSaysWhereAndWhatToTryAndLeavesNoMetrics) {
  write_file(folder_ / "r.toml", kRecipe);
  expect_failure(
      run({"train", "--recipe", "r.toml", "--out", "run", "--val-fraction", "0", "--epochs", "80",
           "--lr", "1000", "--optimiser", "sgd", "--optimiser-weight-decay", "100"}),
      1, {"diverged", "epoch", "smaller learning rate than 1000", "--schedule-warmup"});
  EXPECT_FALSE(exists("run/metrics.json"));
}

}  // namespace
}  // namespace inkling

#include "train/recipe/recipe_file.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "support/expect_error.h"
#include "support/temporary_folder.h"
#include "sys/file.h"

namespace inkling {
namespace {

TEST(RecipeFile, IsReadAsItsTextIsParsed) {
  const TemporaryFolder folder;
  write_file(folder / "r.toml", "epochs = 3\n");
  const ParsedRecipe file = read_recipe(folder / "r.toml");
  EXPECT_EQ(file.recipe.epochs, 3);
  EXPECT_EQ(file.given, std::set<std::string>{"epochs"});
  write_file(folder / "r.toml", "\nepoch = 3\n");
  EXPECT_ERROR(read_recipe(folder / "r.toml"), ErrorKind::kUsage, "/r.toml:2");
  EXPECT_ERROR(read_recipe(folder / "none.toml"), ErrorKind::kInput, "/none.toml");
}

TEST(RecipeFile, SplitReadsBackWhateverTheNumbers) {
  const TemporaryFolder folder;
  for (const double fraction : {0.0, 0.1, 1.0 / 3}) {
    for (const uint64_t seed : {uint64_t{0}, uint64_t{1}, uint64_t{INT64_MAX}}) {
      Recipe recipe;
      recipe.seed = seed;
      recipe.val_fraction = fraction;
      write_file(folder / "r", recipe_toml(recipe, "a", "f32"));
      const Recipe read = read_run_recipe(folder / "r");
      EXPECT_EQ(read.val_fraction, fraction);
      EXPECT_EQ(read.seed, seed);
    }
  }
}

TEST(RecipeFile, RunsWithoutASplitAreRefused) {
  const TemporaryFolder folder;
  EXPECT_ERROR(read_run_recipe(folder / "none.toml"), ErrorKind::kInput, "none.toml");
  write_file(folder / "r.toml", "seed = 1\n");
  EXPECT_ERROR(read_run_recipe(folder / "r.toml"), ErrorKind::kInput, "r.toml", "val_fraction");
  write_file(folder / "r.toml", "\nseed = = 1\n");
  EXPECT_ERROR(read_run_recipe(folder / "r.toml"), ErrorKind::kInput, "r.toml:2", "not TOML");
}

}  // namespace
}  // namespace inkling

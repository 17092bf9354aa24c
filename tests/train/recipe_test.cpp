#include "train/recipe.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/file.h"
#include "support/expect_error.h"
#include "support/temporary_folder.h"

namespace inkling {
namespace {

using testing::HasSubstr;

TEST(Recipe, EverythingIsResolvedInItsFile) {
  Recipe recipe;
  recipe.model = "keras";
  recipe.dataset = "mine";
  recipe.epochs = 7;
  recipe.batch = 33;
  recipe.lr = 0.03125;
  recipe.schedule = Schedule::kCosine;
  recipe.seed = 42;
  recipe.val_fraction = 0.25;
  recipe.patience = 5;
  recipe.val_metric = "loss";
  const std::string text = recipe_toml(recipe, "avx2", "f32");
  for (const char* line :
       {"model = 'keras'", "dataset = 'mine'", "epochs = 7", "batch = 33", "lr = 0.03125",
        "schedule = 'cosine'", "seed = 42", "val_fraction = 0.25", "patience = 5",
        "val_metric = 'loss'", "name = 'adam'", "beta1 = 0.9", "beta2 = 0.999", "epsilon = 1e-08",
        "inkling = '" INKLING_VERSION "'", "variant = 'avx2'", "precision = 'f32'"}) {
    EXPECT_THAT(text, HasSubstr(line));
  }
}

TEST(Recipe, OptimisersShowTheirOwnSettings) {
  Recipe recipe;
  recipe.optimiser.name = "sgd";
  recipe.optimiser.momentum = 0.5;
  const std::string text = recipe_toml(recipe, "a", "f32");
  EXPECT_THAT(text, HasSubstr("name = 'sgd'"));
  EXPECT_THAT(text, HasSubstr("momentum = 0.5"));
  EXPECT_THAT(text, HasSubstr("nesterov = false"));
  EXPECT_THAT(text, testing::Not(HasSubstr("beta1")));
}

TEST(Recipe, ItsSplitReadsBackWhateverTheNumbers) {
  const TemporaryFolder folder;
  for (const double fraction : {0.0, 0.1, 1.0 / 3}) {
    for (const uint64_t seed : {uint64_t{0}, uint64_t{1}, uint64_t{INT64_MAX}}) {
      Recipe recipe;
      recipe.seed = seed;
      recipe.val_fraction = fraction;
      write_file(folder / "r", recipe_toml(recipe, "a", "f32"));
      const RecipeSplit split = read_recipe_split(folder / "r");
      EXPECT_EQ(split.val_fraction, fraction);
      EXPECT_EQ(split.seed, seed);
    }
  }
}

TEST(Recipe, FilesWithoutASplitAreRefused) {
  const TemporaryFolder folder;
  EXPECT_ERROR(read_recipe_split(folder / "none.toml"), ErrorKind::kInput, "none.toml");
  write_file(folder / "r.toml", "seed = 1\n");
  EXPECT_ERROR(read_recipe_split(folder / "r.toml"), ErrorKind::kInput, "r.toml", "val_fraction");
  write_file(folder / "r.toml", "\nseed = = 1\n");
  EXPECT_ERROR(read_recipe_split(folder / "r.toml"), ErrorKind::kInput, "r.toml:2", "not TOML");
}

}  // namespace
}  // namespace inkling

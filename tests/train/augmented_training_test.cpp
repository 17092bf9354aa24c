// A training on augmented images: what Trainer and Recipe make of --augment.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/expect_error.h"
#include "support/training.h"
#include "train/recipe/recipe_toml.h"

namespace inkling {
namespace {

using testing::HasSubstr;

// The weights after two epochs.
std::string weights_after(const std::string& augment, int threads) {
  Training t =
      training({.epochs = 2, .batch = 40}, {.images = 150}, kConvNet, {.threads = threads});
  t.recipe.augment = augmentation(augment);
  t.run();
  return t.sha256();
}

TEST(AugmentedTraining, GivesTheSameWeightsOnAnyNumberOfThreads) {
  for (const char* augment : {"standard", "strong"}) {
    EXPECT_EQ(weights_after(augment, 1), weights_after(augment, 3)) << augment;
  }
}

TEST(AugmentedTraining, GivesOtherWeightsThanPlainImages) {
  EXPECT_NE(weights_after("standard", 2), weights_after("none", 2));
  EXPECT_NE(weights_after("standard", 2), weights_after("strong", 2));
}

TEST(AugmentedTraining, UnknownPresetsAreRefused) {
  EXPECT_ERROR(weights_after("much", 1), ErrorKind::kUsage, "none, standard or strong", "much");
}

TEST(Recipe, HoldsTheAugmentationAndItsRanges) {
  Recipe recipe;
  recipe.augment = augmentation("standard");
  const std::string text = recipe_toml(recipe, "avx2", "f32");
  EXPECT_THAT(text, HasSubstr("preset = 'standard'"));
  EXPECT_THAT(text, HasSubstr("[augment]"));
  for (const AugmentField& field : augment_fields()) {
    EXPECT_THAT(text, HasSubstr(fmt::format("\n{} = ", field.name))) << field.name;
  }
  EXPECT_THAT(text,
              HasSubstr(fmt::format("rotation = {:.1f}", augment_preset("standard").rotation)));
}

}  // namespace
}  // namespace inkling

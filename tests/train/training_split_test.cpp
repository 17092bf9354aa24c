#include "train/training_split.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "support/drawn_dataset.h"
#include "support/expect_error.h"

namespace inkling {
namespace {

TEST(TrainingSplit, WithoutALimitEveryOtherImageTrains) {
  const Dataset images = drawn_dataset({.images = 200});
  Recipe recipe;
  recipe.val_fraction = 0.25;
  const SplitIndices split = training_split(recipe, images);
  EXPECT_EQ(split.validation.size(), 50u);
  EXPECT_EQ(split.train.size(), 150u);
  recipe.limit = 150;
  EXPECT_EQ(training_split(recipe, images).train, split.train);
}

TEST(TrainingSplit, UnlabelledImagesAreRefusedByName) {
  Dataset images = drawn_dataset({.images = 200});
  images.labels.clear();
  EXPECT_ERROR(training_split(Recipe(), images), ErrorKind::kInput, "drawn", "no labels");
}

TEST(TrainingSplit, TheLimitTakesOfEachClassAndLeavesValidationAlone) {
  const Dataset images = drawn_dataset({.images = 200});
  Recipe recipe;
  recipe.val_fraction = 0.25;
  const SplitIndices whole = training_split(recipe, images);
  recipe.limit = 40;
  const SplitIndices limited = training_split(recipe, images);
  EXPECT_EQ(limited.validation, whole.validation);
  ASSERT_EQ(limited.train.size(), 40u);
  EXPECT_TRUE(std::ranges::includes(whole.train, limited.train));
  for (uint8_t label = 0; label < images.classes; ++label) {
    EXPECT_NEAR(
        std::ranges::count_if(limited.train, [&](uint32_t i) { return images.labels[i] == label; }),
        40.0 / images.classes, 1.5);
  }
  recipe.seed = 2;
  EXPECT_NE(training_split(recipe, images).train, limited.train);
}

}  // namespace
}  // namespace inkling

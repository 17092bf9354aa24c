// A training on augmented images: what Trainer and Recipe make of --augment.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "data/pixel_statistics.h"
#include "support/drawn_dataset.h"
#include "support/expect_error.h"
#include "train/recipe_file.h"
#include "train/trainer.h"

namespace inkling {
namespace {

using testing::HasSubstr;

constexpr const char* kNet = R"(
name = "small"
input = [8, 8, 1]
classes = 4
layers = [
  { type = "conv", filters = 4, kernel = 3, padding = "same" },
  { type = "relu" },
  { type = "flatten" },
  { type = "dense", units = 4 },
])";

// The weights after two epochs.
std::string weights_after(const std::string& augment, int threads, uint64_t seed = 1) {
  const Dataset dataset = drawn_dataset({.images = 150});
  Recipe recipe;
  recipe.epochs = 2;
  recipe.batch = 40;
  recipe.augment = augmentation(augment);
  Engine engine({.threads = threads});
  const SplitIndices split = stratified_split(dataset.labels, dataset.classes, 0.1, 1);
  const PixelStatistics pixels = pixel_statistics(dataset, split.train);
  Model model(parse_architecture(kNet, "net"), pixels.mean, pixels.sd);
  model.class_names = dataset.class_names;
  model.parameters.initialise(1);
  recipe.seed = seed;
  Trainer trainer(recipe, model, dataset, split, engine);
  trainer.run({.progress = [](const TrainingProgress&) {},
               .epoch = [](const EpochRecord&) {},
               .between_epochs = {}});
  return weights_sha256(tensors_of(*model.net, model.parameters));
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

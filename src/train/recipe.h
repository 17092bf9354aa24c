// Everything that decides a training, in one place: the same recipe on the same build gives the
// same weights, bit for bit. Written resolved into every run folder as recipe.toml.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "nn/optimiser.h"
#include "nn/schedule.h"

namespace inkling {

struct Recipe {
  std::string model = "cnn3";  // zoo name or network file
  std::string dataset = "mnist";
  // Where the images are from if not from a named data set: {"pictures": DIR}, or {"images": F,
  // "labels": F}; `dataset` then is DIR or the first F.
  std::map<std::string, std::string> files;
  int epochs = 10;
  int batch = 128;   // images
  double lr = 1e-3;  // peak learning rate
  Schedule schedule = Schedule::kConstant;
  OptimiserOptions optimiser;
  uint64_t seed = 1;             // of initialisation, order, augmentation, dropout, split
  double val_fraction = 0.1;     // of the training images, stratified; 0: none
  std::string augment = "none";  // preset of data/augment_options.h
  int patience = 0;              // epochs without improvement before stopping; 0: never
  std::string val_metric =
      "accuracy";  // "accuracy" (higher) or "loss" (lower) picks the best epoch
};

// TOML, with version, kernel variant and precision of the machine that ran it.
std::string recipe_toml(const Recipe& recipe, std::string_view variant, std::string_view precision);

// What a recipe.toml says of its split. Throws Error naming the file if it does not.
struct RecipeSplit {
  double val_fraction = 0;
  uint64_t seed = 0;
};
RecipeSplit read_recipe_split(const std::filesystem::path& path);

}  // namespace inkling

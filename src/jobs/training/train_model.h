// A training in memory, from images to a model: no run folder (train_run.h).
//
//   TrainedModel trained = train_model(recipe, images, engine, observer);
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "data/dataset.h"
#include "data/split.h"
#include "jobs/observer.h"
#include "nn/engine.h"
#include "nn/model.h"
#include "train/recipe/recipe.h"
#include "train/trainer.h"

namespace inkling {

// Of a zoo name, a network file or a trained model (run folder or file). Throws Error if it is none
// of these.
Architecture find_architecture(const std::string& model);
// The recipe's: of a training that starts from the built-in reader that one's own network.
Architecture architecture_of(const Recipe& recipe);

// The recipe in a TOML text (recipe_toml.h), for images the caller has: where it names some they
// are left out. Throws Error as parse_recipe and check_recipe do.
Recipe recipe_for_images(std::string_view toml);

// What a training on the split starts from: fresh weights, or those of recipe.init with its
// normalisation. Throws Error as architecture_of, expect_fit and find_model do.
Model first_model(const Recipe& recipe, const Dataset& train, const SplitIndices& split);

// The recipe's teacher, if it names one. Throws Error as find_model does.
std::optional<Model> teacher_of(const Recipe& recipe);

struct TrainedModel {
  Model model;  // with the weights kept
  TrainingResult result;
};

// Trains on the dataset's training split; what was learned is kept if the observer cancels, and the
// result marked interrupted. The same weights as train_run gives. Throws Error as first_model and
// Trainer do. Threads: observer.h.
TrainedModel train_model(const Recipe& recipe, const Dataset& train, Engine& engine,
                         JobObserver& observer);

}  // namespace inkling

// Which images a recipe trains on and which it keeps for validation. The only place that decides:
// training, evaluation and reports use the same images.
//
//   SplitIndices split = training_split(recipe, train);
#pragma once

#include "data/dataset.h"
#include "data/split.h"
#include "train/recipe/recipe.h"

namespace inkling {

// Of the whole training file: val_fraction of each class for validation, of the rest all or, by
// class, `limit`; both drawn from the recipe's seed.
SplitIndices training_split(const Recipe& recipe, const Dataset& train);

}  // namespace inkling

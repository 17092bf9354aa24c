// A trained model's answers about chosen images, given the way its recipe wants them: by each image
// as it is, or by the mean over several views of it (Model::predicts_by_views, eval/predictions.h).
#pragma once

#include <cstdint>
#include <span>

#include "data/dataset.h"
#include "eval/metrics/metrics.h"
#include "eval/predictions.h"
#include "nn/engine.h"
#include "store/model_file.h"

namespace inkling {

// Throws Error as expect_fit.
Predictions predictions_of(const Model& model, const Dataset& dataset,
                           std::span<const uint32_t> indices, Engine& engine);

// Their metrics.
Metrics evaluate_model(const Model& model, const Dataset& dataset,
                       std::span<const uint32_t> indices, Engine& engine);

}  // namespace inkling

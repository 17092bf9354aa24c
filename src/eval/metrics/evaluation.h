// Everything that follows from a network's predictions on a labelled set: metrics, calibration,
// selective prediction; and with more work temperature and robustness. What `inkling evaluate`
// prints and the report shows.
//
//   Evaluation e = evaluate_predictions(predictions_on(classifier, dataset, indices, statistics),
//   10); set_temperature(e, fit_temperature(validation_probabilities, validation_labels, 10));
#pragma once

#include <optional>

#include "eval/metrics/calibration.h"
#include "eval/metrics/metrics.h"
#include "eval/metrics/selective.h"
#include "eval/metrics/temperature.h"
#include "eval/predict.h"

namespace inkling {

struct ScaledByTemperature {
  TemperatureFit fit;        // on validation images
  TemperatureEffect effect;  // on the evaluated ones
};

struct Evaluation {
  Predictions predictions;
  Metrics metrics;
  Calibration calibration;
  Selective selective;
  std::optional<ScaledByTemperature> temperature;  // where validation images were at hand
};

// Throws Error as expect_sound (verdicts.h).
Evaluation evaluate_predictions(Predictions predictions, int classes, bool refuses = false);

// Adds what dividing the logits by the fitted temperature would do.
void set_temperature(Evaluation& evaluation, const TemperatureFit& fit);

}  // namespace inkling

// Everything that follows from a network's answers on a labelled set: metrics, calibration,
// selective prediction; and with more work temperature and robustness. What `inkling evaluate`
// prints and the report shows.
//
//   Evaluation e = evaluate_predictions(predictions_on(classifier, dataset, indices, statistics),
//   10); set_temperature(e, fit_temperature(validation_probabilities, validation_labels, 10));
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "eval/metrics/calibration.h"
#include "eval/metrics/metrics.h"
#include "eval/metrics/selective.h"
#include "eval/metrics/temperature.h"
#include "eval/predict.h"

namespace inkling {

struct ScaledByTemperature {
  TemperatureFit fit;        // on validation images
  TemperatureEffect effect;  // on the judged ones
};

struct Evaluation {
  Predictions predictions;
  Metrics metrics;
  Calibration calibration;
  Selective selective;
  std::optional<ScaledByTemperature> temperature;  // where validation images were at hand
};

// Throws Error as expect_sound (verdicts.h).
Evaluation evaluate_predictions(Predictions predictions, int classes);

// Adds what dividing the logits by the fitted temperature would do.
void set_temperature(Evaluation& evaluation, const TemperatureFit& fit);

// Keys beside those of metrics_json: calibration {ece, ece_ci95, ece_null, ece_null95, brier,
// confidence, bins: [{n, lowest, highest, confidence, accuracy, accuracy_ci95}], temperature: null
// or {temperature, n, validation_loss_before, validation_loss_after, loss, ece, brier}} and
// selective {aurc, aurc_best, aurc_random, curve: [{coverage, risk, confidence}]}.
nlohmann::json evaluation_json(const Evaluation& evaluation);

// Some lines for people: top-k, calibration, selective prediction, confused pairs. class_names:
// [classes]; where they are the ten digits, the pairs people name (4-9, 3-8, 1-7) are looked up.
std::string evaluation_text(const Evaluation& evaluation, std::span<const std::string> class_names);

}  // namespace inkling

#include "eval/metrics/evaluation.h"

#include <utility>

#include "eval/metrics/verdicts.h"

namespace inkling {

Evaluation evaluate_predictions(Predictions predictions, int classes, bool refuses) {
  Evaluation evaluation;
  evaluation.metrics =
      compute_metrics(predictions.probabilities, predictions.labels, classes, refuses);
  evaluation.calibration =
      measure_calibration(predictions.probabilities, predictions.labels, classes);
  evaluation.selective =
      measure_selective(verdicts_of(predictions.probabilities, predictions.labels, classes));
  evaluation.predictions = std::move(predictions);
  return evaluation;
}

void set_temperature(Evaluation& evaluation, const TemperatureFit& fit) {
  const Predictions& predictions = evaluation.predictions;
  evaluation.temperature = {
      .fit = fit,
      .effect = measure_at_temperature(predictions.probabilities, predictions.labels,
                                       evaluation.metrics.classes, fit.temperature)};
}

}  // namespace inkling

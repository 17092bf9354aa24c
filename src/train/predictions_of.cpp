#include "train/predictions_of.h"

namespace inkling {

Predictions predictions_of(const Model& model, const Dataset& dataset,
                           std::span<const uint32_t> indices, Engine& engine) {
  Classifier classifier(*model.net, engine);
  classifier.update(model.parameters);
  const PixelStatistics pixels{model.mean, model.sd};
  return model.predicts_by_views()
             ? predictions_from_views(classifier, dataset, indices, pixels, engine)
             : predictions_on(classifier, dataset, indices, pixels);
}

Metrics evaluate_model(const Model& model, const Dataset& dataset,
                       std::span<const uint32_t> indices, Engine& engine) {
  const Predictions predictions = predictions_of(model, dataset, indices, engine);
  return compute_metrics(predictions.probabilities, predictions.labels, model.net->classes);
}

}  // namespace inkling

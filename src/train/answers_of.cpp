#include "train/answers_of.h"

namespace inkling {

Answers answers_of(const Model& model, const Dataset& dataset, std::span<const uint32_t> indices,
                   Engine& engine) {
  Classifier classifier(*model.net, engine);
  classifier.update(model.parameters);
  const PixelStatistics pixels{model.mean, model.sd};
  return model.answers_by_views() ? answers_from_views(classifier, dataset, indices, pixels, engine)
                                  : answers_on(classifier, dataset, indices, pixels);
}

Metrics evaluate_model(const Model& model, const Dataset& dataset,
                       std::span<const uint32_t> indices, Engine& engine) {
  const Answers answers = answers_of(model, dataset, indices, engine);
  return compute_metrics(answers.probabilities, answers.labels, model.net->classes);
}

}  // namespace inkling

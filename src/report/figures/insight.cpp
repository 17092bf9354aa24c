#include "report/figures/insight.h"

#include <algorithm>

#include "base/index.h"
#include "eval/normalisation.h"

namespace inkling {
namespace {

// At most `most` of them, evenly spread.
std::vector<uint32_t> spread(std::span<const uint32_t> indices, size_t most) {
  const size_t count = std::min(indices.size(), most);
  std::vector<uint32_t> chosen;
  for (size_t i = 0; i < count; ++i) chosen.push_back(indices[i * indices.size() / count]);
  return chosen;
}

void find_neighbours(const PixelStatistics& statistics, const EvaluatedRun& run,
                     const TrainingImages& training, Probe& probe, Insight& insight) {
  const std::vector<uint32_t> among = spread(training.indices, kMostAmong);
  insight.among = among.size();
  if (among.empty() || insight.mistakes.empty()) return;
  std::vector<uint32_t> mistakes;
  for (const ExplainedMistake& mistake : insight.mistakes) {
    mistakes.push_back(run.evaluation.predictions.indices[mistake.position]);
  }
  const auto near =
      nearest_neighbours(penultimate_features(probe, run.dataset, mistakes, statistics),
                         penultimate_features(probe, training.dataset, among, statistics),
                         std::min(kNeighbours, count_of(among)), probe.engine().pool());
  for (size_t i = 0; i < near.size(); ++i) {
    for (const Neighbour& neighbour : near[i]) {
      insight.mistakes[i].neighbours.push_back(among[neighbour.row]);
    }
  }
}

}  // namespace

Insight look_inside(const Model& model, const EvaluatedRun& run, const TrainingImages& training,
                    Engine& engine) {
  const PixelStatistics statistics = statistics_of(model.normalisation);
  const Predictions& predictions = run.evaluation.predictions;
  Insight insight;
  Explainer explainer(*model.net, model.parameters, statistics, engine);
  for (const size_t position : mistakes_by_confidence(predictions, model.net->classes)) {
    if (insight.mistakes.size() == kExplainedMistakes) break;
    const uint32_t image = predictions.indices[position];
    const int predicted = prediction_at(run, position).predicted;
    if (insight.explanations.size() < kFullyExplained) {
      insight.explanations.push_back(explainer.explain(run.dataset, image, predicted));
    }
    insight.mistakes.push_back({.position = position,
                                .saliency = explainer.saliency(run.dataset, image, predicted),
                                .neighbours = {}});
  }
  Probe probe(*model.net, model.parameters, engine);
  find_neighbours(statistics, run, training, probe, insight);
  const auto mapped =
      std::span(predictions.indices).first(std::min(kMapped, predictions.indices.size()));
  insight.map = flat_map(penultimate_features(probe, run.dataset, mapped, statistics));
  insight.filters = first_layer_filters(*model.net, model.parameters);
  return insight;
}

}  // namespace inkling

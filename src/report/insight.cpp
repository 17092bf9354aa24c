#include "report/insight.h"

#include <algorithm>

namespace inkling {
namespace {

// At most `most` of them, evenly spread.
std::vector<uint32_t> spread(std::span<const uint32_t> indices, size_t most) {
  const size_t count = std::min(indices.size(), most);
  std::vector<uint32_t> chosen;
  for (size_t i = 0; i < count; ++i) chosen.push_back(indices[i * indices.size() / count]);
  return chosen;
}

void find_neighbours(const PixelStatistics& statistics, const JudgedRun& run,
                     const TrainingImages& training, Inspector& inspector, Insight& insight) {
  const std::vector<uint32_t> among = spread(training.indices, kMostAmong);
  insight.among = among.size();
  if (among.empty() || insight.mistakes.empty()) return;
  std::vector<uint32_t> mistakes;
  for (const ExplainedMistake& mistake : insight.mistakes) {
    mistakes.push_back(run.evaluation.answers.indices[mistake.position]);
  }
  const auto near = nearest_neighbours(
      penultimate_features(inspector, run.dataset, mistakes, statistics),
      penultimate_features(inspector, training.dataset, among, statistics),
      static_cast<int>(std::min(kNeighbours, among.size())), inspector.engine().pool());
  for (size_t i = 0; i < near.size(); ++i) {
    for (const Neighbour& neighbour : near[i]) {
      insight.mistakes[i].neighbours.push_back(among[neighbour.row]);
    }
  }
}

}  // namespace

Insight look_inside(const Model& model, const JudgedRun& run, const TrainingImages& training,
                    Engine& engine) {
  const PixelStatistics statistics{model.mean, model.sd};
  const Answers& answers = run.evaluation.answers;
  Insight insight;
  Explainer explainer(*model.net, model.parameters, statistics, engine);
  for (const size_t position : mistakes_by_confidence(answers, model.net->classes)) {
    if (insight.mistakes.size() == kExplainedMistakes) break;
    const auto image = run.dataset.image(answers.indices[position]);
    const int given = answered(run, position).given;
    if (insight.explanations.size() < kFullyExplained) {
      insight.explanations.push_back(explainer.explain(image, given));
    }
    insight.mistakes.push_back(
        {.position = position, .saliency = explainer.saliency(image, given), .neighbours = {}});
  }
  Inspector inspector(*model.net, model.parameters, engine);
  find_neighbours(statistics, run, training, inspector, insight);
  const auto mapped = std::span(answers.indices).first(std::min(kMapped, answers.indices.size()));
  insight.map = flat_map(penultimate_features(inspector, run.dataset, mapped, statistics));
  insight.filters = first_layer_filters(*model.net, model.parameters);
  return insight;
}

}  // namespace inkling

// What is behind a run's answers: what it looked at in its mistakes, which training images lie next
// to them, and how the images lie to each other in what the last layer sees. Measured here from
// eval's parts for the figures and the page; drawn in insight_figures.h.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "data/dataset.h"
#include "eval/explain/explanation.h"
#include "eval/explain/feature_space.h"
#include "eval/explain/filters.h"
#include "nn/engine.h"
#include "nn/model.h"
#include "report/figures/run_figures.h"

namespace inkling {

// The images the run was trained on.
struct TrainingImages {
  const Dataset& dataset;
  std::span<const uint32_t> indices;
};

struct ExplainedMistake {
  size_t position = 0;               // among the answers
  Heatmap saliency;                  // of the class it was read as
  std::vector<uint32_t> neighbours;  // training images, the nearest first
};

struct Insight {
  std::vector<ExplainedMistake> mistakes;  // the surest
  std::vector<Explanation> explanations;   // every map, of the first few of them
  size_t among = 0;                        // training images looked through for neighbours
  FeatureMap map;                          // of the first images judged
  Filters filters;                         // of the first layer
};

inline constexpr size_t kExplainedMistakes = 24;  // with saliency and neighbours
inline constexpr size_t kFullyExplained = 6;      // with Grad-CAM and occlusion too
inline constexpr size_t kNeighbours = 5;
inline constexpr size_t kMostAmong = 20000;  // training images, evenly spread: what takes 2 s
inline constexpr size_t kMapped = 1500;      // images on the map

Insight look_inside(const Model& model, const EvaluatedRun& run, const TrainingImages& training,
                    Engine& engine);

}  // namespace inkling

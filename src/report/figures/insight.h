// What is behind a run's predictions: the pixels its mistakes depend on, the training images
// nearest to them, and how the images lie in the feature space of the last layer. Measured here
// from eval's parts for the figures and the page; drawn in insight_figures.h.
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
  size_t position = 0;               // among the predictions
  Heatmap saliency;                  // of the predicted class
  std::vector<uint32_t> neighbours;  // training images, nearest first
};

struct Insight {
  std::vector<ExplainedMistake> mistakes;  // the most confident
  std::vector<Explanation> explanations;   // all maps, of the first few of them
  size_t among = 0;                        // training images searched for neighbours
  FeatureMap map;                          // of the first images evaluated
  Filters filters;                         // of the first layer
};

inline constexpr size_t kExplainedMistakes = 24;  // with saliency and neighbours
inline constexpr size_t kFullyExplained = 6;      // with Grad-CAM and occlusion too
inline constexpr int kNeighbours = 5;
inline constexpr size_t kMostAmong = 20000;  // training images, evenly spread; takes 2 s
inline constexpr size_t kMapped = 1500;      // images on the map

Insight look_inside(const Model& model, const EvaluatedRun& run, const TrainingImages& training,
                    Engine& engine);

}  // namespace inkling

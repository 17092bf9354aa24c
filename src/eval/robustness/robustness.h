// Still right when the picture is worse? Accuracy under the MNIST-C-style corruptions of
// data/augment/corrupt.h, under rotation, shift and scale, and under the fast gradient sign attack.
//
//   Robustness r = measure_robustness({&net, &parameters, statistics}, dataset, indices, engine,
//   {}, {});
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "data/augment/corrupt.h"
#include "data/pixel_statistics.h"
#include "nn/network.h"
#include "stats/wilson.h"

namespace inkling {

struct CorruptionAccuracy {
  Corruption corruption = Corruption::kShotNoise;
  std::array<double, kCorruptionStrengths> accuracy{};  // by strength
  double mean = 0;
  bool operator==(const CorruptionAccuracy&) const = default;
};

struct RobustnessPoint {
  double amount = 0;  // degrees counter-clockwise, pixels, or a factor
  double accuracy = 0;
  bool operator==(const RobustnessPoint&) const = default;
};

// Fast gradient sign method (Goodfellow, Shlens and Szegedy 2014, arXiv 1412.6572): every pixel
// moved by epsilon in the direction that raises the loss, then clipped to 0 … 1.
struct FgsmPoint {
  double epsilon = 0;          // of grey from 0 to 1
  double accuracy = 0;         // the attacker knows weights and label
  double random_accuracy = 0;  // moved as far in random directions: what noise alone does
  bool operator==(const FgsmPoint&) const = default;
};

struct Robustness {
  int64_t n = 0;   // images evaluated
  int64_t of = 0;  // of so many: fewer are a subset stratified by class
  uint64_t seed = 0;
  double clean = 0;  // accuracy on the images as they are
  Interval clean_ci95;
  std::vector<CorruptionAccuracy> corruptions;  // [kCorruptions]
  double mean_corrupted = 0;                    // over corruptions and strengths
  std::vector<RobustnessPoint> rotation, shift_x, shift_y, scale;
  std::vector<FgsmPoint> fgsm;
  double seconds = 0;
  bool operator==(const Robustness&) const = default;
};

struct RobustnessOptions {
  int images = 2000;  // at most; 0: all
  uint64_t seed = 1;  // of the subset and of every draw
};

// A network as it predicts: the architecture, its parameters, the scale of its input.
struct EvaluatedNetwork {
  const Architecture* net = nullptr;
  const Parameters* parameters = nullptr;
  PixelStatistics statistics;
};

// `progress` is told the fraction done, 0 … 1, on the calling thread; it may throw to stop.
// Deterministic in the seed. Throws Error (input) naming the dataset if it has no labels or its
// pixels are not bytes.
Robustness measure_robustness(const EvaluatedNetwork& network, const Dataset& dataset,
                              std::span<const uint32_t> indices, Engine& engine,
                              const RobustnessOptions& options,
                              const std::function<void(double fraction)>& progress);

}  // namespace inkling

// Pictures made worse in fifteen ways, to see how far a classifier still reads them: the
// corruptions of MNIST-C (Mu and Gilmer 2019, "MNIST-C: A Robustness Benchmark for Computer
// Vision", arXiv 1906.02337) written anew from their descriptions, each in five strengths of our
// own. Figures are "MNIST-C-style": comparable among themselves, not with those on the published
// files.
//
// Not for training (augment.h).
//
//   Dataset worse = corrupted(test, indices, Corruption::kFog, 3, seed, kernels, pool);
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "base/threads.h"
#include "data/augment/augment_draw.h"
#include "data/dataset.h"
#include "kernels/warp.h"

namespace inkling {

enum class Corruption {
  kShotNoise,
  kImpulseNoise,
  kGlassBlur,
  kMotionBlur,
  kShear,
  kScale,
  kRotation,
  kBrightness,
  kTranslation,
  kStripe,
  kFog,
  kSpatter,
  kDottedLine,
  kZigzag,
  kCannyEdges,
};

inline constexpr int kCorruptions = 15;
inline constexpr int kCorruptionStrengths = 5;  // 1 weakest … 5 strongest

std::string_view corruption_name(Corruption corruption);  // "shot_noise", as MNIST-C writes it

// Images `indices` of the dataset, in that order and with their labels, each corrupted by what
// (seed, corruption, index) draws: the same on any number of threads; a stronger corruption of an
// image is the same draw at more strength. Lengths are given for 28 pixels and grow with the image.
// Throws Error (input) naming the dataset if its pixels are not bytes. One call at a time on a
// pool.
Dataset corrupted(const Dataset& dataset, std::span<const uint32_t> indices, Corruption corruption,
                  int strength, uint64_t seed, const kernels::WarpKernels& kernels,
                  ThreadPool& pool);

// The same where only geometry changes: image i of `indices` by draw(indices[i]), which several
// threads call.
Dataset warped(const Dataset& dataset, std::span<const uint32_t> indices,
               const std::function<AugmentDraw(uint32_t index)>& draw,
               const kernels::WarpKernels& kernels, ThreadPool& pool);

}  // namespace inkling

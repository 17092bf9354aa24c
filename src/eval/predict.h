// A classifier over a dataset: the probabilities everything else in eval is computed from. Bytes or
// floats, labelled or not; only what gives Predictions needs labels. The work is split among the
// engine's threads: one call at a time on an engine.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "data/augment/augment_draw.h"
#include "data/dataset.h"
#include "data/pixel_statistics.h"
#include "eval/metrics/metrics.h"
#include "nn/classifier.h"
#include "nn/model.h"

namespace inkling {

// Throws Error, naming both, if the network reads images of another size or knows fewer classes
// than the dataset has.
void expect_fit(const Architecture& net, const Dataset& dataset);

// [indices, classes] f32. The pixels are normalised by `statistics`, the model's own.
std::vector<float> predict_dataset(Classifier& classifier, const Dataset& dataset,
                                   std::span<const uint32_t> indices,
                                   const PixelStatistics& statistics);

// Throws Error (input) if a prediction is NaN or infinite: weights may be finite and yet so large
// that sums of them are not.
void expect_numbers(const Architecture& net, std::span<const float> predictions);

// The views of test-time augmentation: the image itself, then small changes a reader would not
// notice, in opposite pairs so that none leans. Pixels are of 28. Chosen on validation images
// (docs/journal.md).
inline constexpr std::array<AugmentDraw, 9> kViews{{
    {},
    {.shift_x = -1},
    {.shift_x = 1},
    {.shift_y = -1},
    {.shift_y = 1},
    {.rotation = -5},
    {.rotation = 5},
    {.scale_x = 0.9, .scale_y = 0.9},
    {.scale_x = 1.1, .scale_y = 1.1},
}};

// The same of images of another size.
std::array<AugmentDraw, kViews.size()> views_of_size(int height, int width);

// The mean of predict_dataset over kViews, which stay in floats: nothing is rounded to bytes. The
// engine's threads make the views; the same bits on any number of them. Memory grows with the
// number of images by their probabilities alone.
std::vector<float> predict_views(Classifier& classifier, const Dataset& dataset,
                                 std::span<const uint32_t> indices,
                                 const PixelStatistics& statistics, Engine& engine);

// A network's predictions on labelled images.
struct Predictions {
  std::vector<uint32_t> indices;     // [n] of the images in their dataset
  std::vector<uint8_t> labels;       // [n]
  std::vector<float> probabilities;  // [n, classes]
  double seconds = 0;                // the network took
};
// Both throw Error (input) as expect_numbers does, or naming the dataset if it has no labels.
Predictions predictions_on(Classifier& classifier, const Dataset& dataset,
                           std::span<const uint32_t> indices, const PixelStatistics& statistics);
// By predict_views.
Predictions predictions_from_views(Classifier& classifier, const Dataset& dataset,
                                   std::span<const uint32_t> indices,
                                   const PixelStatistics& statistics, Engine& engine);

// A model's predictions as its recipe wants them: by each image as it is, or by the mean over
// several views of it (Model::predicts_by_views). Throws Error as expect_fit does and as above.
Predictions predictions_of(const Model& model, const Dataset& dataset,
                           std::span<const uint32_t> indices, Engine& engine);

// Their metrics.
Metrics evaluate_model(const Model& model, const Dataset& dataset,
                       std::span<const uint32_t> indices, Engine& engine);

// 0 … n-1.
std::vector<uint32_t> all_indices(size_t n);

}  // namespace inkling

#include "eval/predict.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/clock.h"
#include "base/error.h"
#include "base/index.h"
#include "data/augment/warper.h"
#include "data/batches.h"
#include "eval/normalisation.h"

namespace inkling {
namespace {

constexpr size_t kBlock = 1024;  // images: 3 MB of MNIST at a time

template <typename Body>
void for_blocks(std::span<const uint32_t> indices, Body body) {
  for (; !indices.empty(); indices = indices.subspan(std::min(kBlock, indices.size()))) {
    body(indices.first(std::min(kBlock, indices.size())));
  }
}

template <typename Predict>
Predictions predictions_by(const Predict& predict, const Classifier& classifier,
                           const Dataset& dataset, std::span<const uint32_t> indices) {
  expect_labels(dataset);
  Predictions predictions;
  predictions.indices.assign(indices.begin(), indices.end());
  for (const uint32_t index : indices) predictions.labels.push_back(dataset.labels[index]);
  const Stopwatch watch;
  predictions.probabilities = predict();
  predictions.seconds = watch.seconds();
  expect_numbers(classifier.architecture(), predictions.probabilities);
  return predictions;
}

}  // namespace

void expect_fit(const Architecture& net, const Dataset& dataset) {
  const Shape images{dataset.height, dataset.width, dataset.channels};
  if (images != net.input) {
    throw input_error("{}: the network {} expects images of {}, found {}", dataset.name, net.name,
                      to_string(net.input), to_string(images));
  }
  if (dataset.classes > net.classes) {
    throw input_error("{}: the network {} knows {} classes, found {}", dataset.name, net.name,
                      net.classes, dataset.classes);
  }
}

void expect_numbers(const Architecture& net, std::span<const float> predictions) {
  if (std::ranges::all_of(predictions, [](float prediction) { return std::isfinite(prediction); }))
    return;
  throw input_error("the network {} predicts NaN or infinity: its weights are too large", net.name);
}

std::vector<float> predict_dataset(Classifier& classifier, const Dataset& dataset,
                                   std::span<const uint32_t> indices,
                                   const PixelStatistics& statistics) {
  const Architecture& net = classifier.architecture();
  expect_fit(net, dataset);
  const BatchAssembler assembler(dataset, statistics);
  std::vector<float> images(std::min(kBlock, indices.size()) * net.input.size());
  std::vector<float> probabilities(indices.size() * narrow<size_t>(net.classes));
  float* out = probabilities.data();
  for_blocks(indices, [&](std::span<const uint32_t> block) {
    assembler.assemble(block, images.data());
    classifier.predict(images.data(), count_of(block), out);
    out += count_of(block) * std::ptrdiff_t{net.classes};
  });
  return probabilities;
}

std::array<AugmentDraw, kViews.size()> views_of_size(int height, int width) {
  std::array<AugmentDraw, kViews.size()> views = kViews;
  const double pixel = std::min(height, width) / 28.0;
  for (AugmentDraw& view : views) {
    view.shift_x *= pixel;
    view.shift_y *= pixel;
  }
  return views;
}

std::vector<float> predict_views(Classifier& classifier, const Dataset& dataset,
                                 std::span<const uint32_t> indices,
                                 const PixelStatistics& statistics, Engine& engine) {
  constexpr int kPiece = 16;  // images a thread takes at a time
  const Architecture& net = classifier.architecture();
  expect_fit(net, dataset);
  const std::array<AugmentDraw, kViews.size()> views = views_of_size(dataset.height, dataset.width);
  const size_t classes = narrow<size_t>(net.classes), most = std::min(kBlock, indices.size());
  const std::ptrdiff_t row = std::ptrdiff_t{dataset.width} * dataset.channels;
  const std::ptrdiff_t size = row * dataset.height;
  const BatchAssembler plain(dataset, statistics);
  std::vector<Warper> warpers;
  for (int worker = 0; worker < engine.pool().threads(); ++worker) {
    warpers.emplace_back(dataset, statistics, *engine.kernels().warp);
  }
  std::vector<float> images(most * net.input.size()), predictions(most * classes);
  std::vector<float> mean(indices.size() * classes);
  float* out = mean.data();
  for_blocks(indices, [&](std::span<const uint32_t> block) {
    const int n = count_of(block);
    for (const AugmentDraw& view : views) {
      if (&view == &views[0]) {
        plain.assemble(block, images.data());
      } else {
        engine.pool().run(ceil_div(n, kPiece), [&](int piece, int worker) {
          for (int i = piece * kPiece; i < std::min(n, (piece + 1) * kPiece); ++i) {
            at(warpers, worker).warp(view, at(block, i), images.data() + i * size, row);
          }
        });
      }
      classifier.predict(images.data(), n, predictions.data());
      for (size_t i = 0; i < block.size() * classes; ++i) out[i] += predictions[i] / kViews.size();
    }
    out += block.size() * classes;
  });
  return mean;
}

Predictions predictions_on(Classifier& classifier, const Dataset& dataset,
                           std::span<const uint32_t> indices, const PixelStatistics& statistics) {
  return predictions_by([&] { return predict_dataset(classifier, dataset, indices, statistics); },
                        classifier, dataset, indices);
}

Predictions predictions_from_views(Classifier& classifier, const Dataset& dataset,
                                   std::span<const uint32_t> indices,
                                   const PixelStatistics& statistics, Engine& engine) {
  return predictions_by(
      [&] { return predict_views(classifier, dataset, indices, statistics, engine); }, classifier,
      dataset, indices);
}

Predictions predictions_of(const Model& model, const Dataset& dataset,
                           std::span<const uint32_t> indices, Engine& engine) {
  Classifier classifier(*model.net, engine);
  classifier.update(model.parameters);
  const PixelStatistics pixels = statistics_of(model.normalisation);
  return model.predicts_by_views()
             ? predictions_from_views(classifier, dataset, indices, pixels, engine)
             : predictions_on(classifier, dataset, indices, pixels);
}

Metrics evaluate_model(const Model& model, const Dataset& dataset,
                       std::span<const uint32_t> indices, Engine& engine) {
  const Predictions predictions = predictions_of(model, dataset, indices, engine);
  return compute_metrics(predictions.probabilities, predictions.labels, model.net->classes,
                         model.refuses());
}

std::vector<uint32_t> all_indices(size_t n) {
  std::vector<uint32_t> indices(n);
  std::iota(indices.begin(), indices.end(), 0u);
  return indices;
}

}  // namespace inkling

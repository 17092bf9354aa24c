#include "eval/predict.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/clock.h"
#include "base/error.h"
#include "data/augment/corrupt.h"
#include "data/batches.h"
#include "eval/normalisation.h"

namespace inkling {
namespace {

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
  throw input_error("the network {} answers with what is no number: its weights are too large",
                    net.name);
}

std::vector<float> predict_dataset(Classifier& classifier, const Dataset& dataset,
                                   std::span<const uint32_t> indices,
                                   const PixelStatistics& statistics) {
  constexpr size_t kBlock = 1024;  // images: 3 MB of MNIST at a time
  const Architecture& net = classifier.architecture();
  expect_fit(net, dataset);
  const BatchAssembler assembler(dataset, statistics);
  std::vector<float> images(std::min(kBlock, indices.size()) * net.input.size());
  std::vector<float> probabilities(indices.size() * static_cast<size_t>(net.classes));
  for (size_t begin = 0; begin < indices.size(); begin += kBlock) {
    const size_t n = std::min(kBlock, indices.size() - begin);
    assembler.assemble(indices.subspan(begin, n), images.data());
    classifier.predict(images.data(), static_cast<int>(n),
                       probabilities.data() + begin * static_cast<size_t>(net.classes));
  }
  return probabilities;
}

std::vector<float> predict_views(Classifier& classifier, const Dataset& dataset,
                                 std::span<const uint32_t> indices,
                                 const PixelStatistics& statistics, Engine& engine) {
  const double pixel = std::min(dataset.height, dataset.width) / 28.0;
  const std::vector<uint32_t> all = all_indices(indices.size());
  std::vector<float> mean(indices.size() * static_cast<size_t>(classifier.architecture().classes));
  for (AugmentDraw view : kViews) {
    view.shift_x *= pixel;
    view.shift_y *= pixel;
    const Dataset seen = warped(
        dataset, indices, [&](uint32_t) { return view; }, *engine.kernels().warp, engine.pool());
    const std::vector<float> predictions = predict_dataset(classifier, seen, all, statistics);
    for (size_t i = 0; i < mean.size(); ++i) mean[i] += predictions[i] / kViews.size();
  }
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
  return compute_metrics(predictions.probabilities, predictions.labels, model.net->classes);
}

std::vector<uint32_t> all_indices(size_t n) {
  std::vector<uint32_t> indices(n);
  std::iota(indices.begin(), indices.end(), 0u);
  return indices;
}

}  // namespace inkling

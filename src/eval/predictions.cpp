#include "eval/predictions.h"

#include <algorithm>
#include <numeric>

#include "base/clock.h"
#include "base/error.h"
#include "data/batches.h"

namespace inkling {

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

Answers answers_on(Classifier& classifier, const Dataset& dataset,
                   std::span<const uint32_t> indices, const PixelStatistics& statistics) {
  Answers answers;
  answers.indices.assign(indices.begin(), indices.end());
  for (const uint32_t index : indices) answers.labels.push_back(dataset.labels[index]);
  const Stopwatch watch;
  answers.probabilities = predict_dataset(classifier, dataset, indices, statistics);
  answers.seconds = watch.seconds();
  return answers;
}

std::vector<uint32_t> all_indices(size_t n) {
  std::vector<uint32_t> indices(n);
  std::iota(indices.begin(), indices.end(), 0u);
  return indices;
}

}  // namespace inkling

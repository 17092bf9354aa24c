#include "nn/loss.h"

#include <algorithm>
#include <cmath>

namespace inkling {
namespace {

// exp(logits - max) into `out`; returns their sum.
float exponentials(const float* logits, int classes, float* out) {
  const float largest = *std::max_element(logits, logits + classes);
  float sum = 0;
  for (int c = 0; c < classes; ++c) sum += out[c] = std::exp(logits[c] - largest);
  return sum;
}

}  // namespace

LossResult softmax_cross_entropy(const Tensor& logits, std::span<const uint8_t> labels,
                                 const Tensor& grad_logits) {
  const int classes = logits.channels;
  const float share = 1.0f / static_cast<float>(labels.size());
  LossResult result;
  for (size_t n = 0; n < labels.size(); ++n) {
    const float* row = logits.image(static_cast<int>(n));
    float* gradient = grad_logits.image(static_cast<int>(n));
    const int label = labels[n];
    const float sum = exponentials(row, classes, gradient);
    const float* largest = std::max_element(row, row + classes);
    result.sum += static_cast<double>(std::log(sum) - (row[label] - *largest));
    result.correct += largest - row == label;
    for (int c = 0; c < classes; ++c) {
      gradient[c] = (gradient[c] / sum - (c == label ? 1.0f : 0.0f)) * share;
    }
  }
  return result;
}

void softmax(const Tensor& logits, int images, float* probabilities) {
  const int classes = logits.channels;
  for (int n = 0; n < images; ++n, probabilities += classes) {
    const float sum = exponentials(logits.image(n), classes, probabilities);
    for (int c = 0; c < classes; ++c) probabilities[c] /= sum;
  }
}

}  // namespace inkling

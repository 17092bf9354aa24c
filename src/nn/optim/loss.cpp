#include "nn/optim/loss.h"

#include <algorithm>
#include <cmath>

#include "base/index.h"
#include "nn/optim/log_sum_exp.h"

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
                                 const Tensor& grad_logits, float smoothing) {
  const int classes = logits.channels;
  const float spread = smoothing / static_cast<float>(classes);
  const float fraction = 1.0f / static_cast<float>(labels.size());
  LossResult result;
  for (int n = 0; n < count_of(labels); ++n) {
    const float* row = logits.image(n);
    float* gradient = grad_logits.image(n);
    const int label = at(labels, n);
    const float sum = exponentials(row, classes, gradient);
    const float* largest = std::max_element(row, row + classes);
    const float log_sum = std::log(sum);
    result.sum += double{log_sum - (row[label] - *largest)} * (1.0 - double{smoothing});
    if (smoothing > 0) {
      for (int c = 0; c < classes; ++c) {
        result.sum += double{spread * (log_sum - (row[c] - *largest))};
      }
    }
    result.correct += largest - row == label;
    for (int c = 0; c < classes; ++c) {
      const float target = spread + (c == label ? 1.0f - smoothing : 0.0f);
      gradient[c] = (gradient[c] / sum - target) * fraction;
    }
  }
  return result;
}

LossResult add_distillation(const Tensor& logits, std::span<const float> teacher,
                            const DistillationOptions& options, const LossResult& hard,
                            const Tensor& grad_logits) {
  constexpr float kLeast = 1e-30f;  // of a probability: its logarithm is finite
  const int classes = logits.channels;
  const int images = count_of(teacher) / classes;
  const float t = options.temperature;
  const float scale = options.fraction * t / static_cast<float>(images);
  LossResult result = hard;
  result.sum *= 1 - double{options.fraction};
  for (int n = 0; n < images; ++n) {
    const float* row = logits.image(n);
    const float* wanted = teacher.data() + n * classes;
    float* gradient = grad_logits.image(n);
    const auto own = [&](int c) { return row[c] / t; };
    const auto soft = [&](int c) { return std::log(std::max(wanted[c], kLeast)) / t; };
    const float own_sum = log_sum_exp(classes, own), soft_sum = log_sum_exp(classes, soft);
    for (int c = 0; c < classes; ++c) {
      const float target = std::exp(soft(c) - soft_sum), log_p = own(c) - own_sum;
      result.sum -= double{options.fraction * t * t * target} * double{log_p};
      gradient[c] = (1 - options.fraction) * gradient[c] + scale * (std::exp(log_p) - target);
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

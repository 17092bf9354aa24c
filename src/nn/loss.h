// Softmax and cross-entropy.
#pragma once

#include <cstdint>
#include <span>

#include "nn/tensor.h"

namespace inkling {

struct LossResult {
  double sum = 0;   // of -log p[label] over the images, natural logarithm
  int correct = 0;  // images whose largest logit is the label's (the lowest class on a tie)
};

// logits: [images, classes]. Writes d(mean loss) / d(logits) to grad_logits, of the same shape.
// `smoothing` in [0, 1): the share of the target spread over all classes alike (Szegedy et al.
// 2016); the loss then is the cross-entropy against that target.
LossResult softmax_cross_entropy(const Tensor& logits, std::span<const uint8_t> labels,
                                 const Tensor& grad_logits, float smoothing = 0);

// probabilities: [images, classes], each row the softmax of a row of logits.
void softmax(const Tensor& logits, int images, float* probabilities);

}  // namespace inkling

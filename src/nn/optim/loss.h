// Softmax and cross-entropy, on the calling thread; any number may call, each for its own tensors.
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
// `smoothing` in [0, 1): the fraction of the target spread over all classes alike (Szegedy et al.
// 2016); the loss then is the cross-entropy against that target.
LossResult softmax_cross_entropy(const Tensor& logits, std::span<const uint8_t> labels,
                                 const Tensor& grad_logits, float smoothing = 0);

// Distillation (Hinton et al. 2015): the loss becomes (1 - fraction) of what it was and fraction
// T^2 times the cross-entropy between the teacher's and the network's probabilities, both with
// logits divided by T. teacher: [images, classes] probabilities. `hard` and grad_logits are what
// softmax_cross_entropy left; grad_logits is brought up to date, the new loss returned.
struct DistillationOptions {
  float fraction = 0, temperature = 1;
};
LossResult add_distillation(const Tensor& logits, std::span<const float> teacher,
                            const DistillationOptions& options, const LossResult& hard,
                            const Tensor& grad_logits);

// probabilities: [images, classes], each row the softmax of a row of logits.
void softmax(const Tensor& logits, int images, float* probabilities);

}  // namespace inkling

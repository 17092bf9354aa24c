// One sweep over the parameters a training step.
#pragma once

#include <cstddef>

namespace inkling::kernels {

// Adam (Kingma and Ba 2015, algorithm 1, with the bias corrections folded into step and epsilon).
struct AdamStep {
  float beta1, beta2;
  float step;       // lr * sqrt(1 - beta2^t) / (1 - beta1^t)
  float epsilon;    // eps * sqrt(1 - beta2^t)
  float decay;      // weights are first multiplied by 1 - decay (AdamW: lr * weight decay)
  float l2 = 0;     // added to the gradient as l2 * w
  float scale = 1;  // the gradient is first multiplied by it
};

// SGD with momentum as PyTorch defines it: v = momentum * v + g; w -= lr * (nesterov ? g + momentum
// * v : v).
struct SgdStep {
  float lr, momentum;
  bool nesterov;
  float l2;         // added to the gradient as l2 * w
  float scale = 1;  // the gradient is first multiplied by it
};

struct OptimiseKernels {
  void (*adam)(const AdamStep& step, const float* gradient, ptrdiff_t n, float* first,
               float* second, float* weights) noexcept;
  void (*sgd)(const SgdStep& step, const float* gradient, ptrdiff_t n, float* velocity,
              float* weights) noexcept;
  // average += (1 - decay) * (weights - average).
  void (*average)(float decay, const float* weights, ptrdiff_t n, float* average) noexcept;
};

}  // namespace inkling::kernels

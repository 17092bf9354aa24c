// From gradients to new parameters: one sweep over the trainable array, split among the threads.
#pragma once

#include <span>
#include <string>

#include "base/aligned_buffer.h"
#include "nn/engine.h"
#include "nn/parameters.h"

namespace inkling {

struct OptimiserOptions {
  std::string name = "adam";                          // "adam", "sgd"
  double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;  // adam (Kingma and Ba 2015)
  double momentum = 0.9;                              // sgd
  bool nesterov = false;
};

class Optimiser {
 public:
  // Throws Error (usage) for an unknown name.
  Optimiser(const OptimiserOptions& options, const Architecture& net, Engine& engine);

  // gradients: [trainable_floats], as the trainable parameters are laid out.
  void step(double lr, const float* gradients, Parameters& parameters);

 private:
  OptimiserOptions options_;
  bool adam_;
  Engine* engine_;
  int64_t steps_ = 0;
  AlignedBuffer<float> first_;   // adam: mean of gradients; sgd: velocity
  AlignedBuffer<float> second_;  // adam: mean of their squares
};

}  // namespace inkling

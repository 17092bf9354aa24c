// A dense layer: y = x W + b, on images of any shape read as one run of values.
#pragma once

#include <memory>

#include "nn/engine.h"
#include "nn/steps/step.h"

namespace inkling {

// Shapes: x [N, in], y [N, units], weight [in, units], bias [units].
struct DenseOptions {
  TensorId x = -1, y = -1, grad_x = -1, grad_y = -1;
  bool accumulate_grad_x = false;
  bool bias_gradient = true;  // false under a batch norm, where it is zero whatever the weights
  bool relu = false;          // rectify the output (inference)
};

// With bf16_allowed it multiplies bf16 where the engine does and inputs and units come in twos.
std::unique_ptr<Step> make_dense_step(const Layer& layer, const DenseOptions& options,
                                      int max_images, const Engine& engine, bool bf16_allowed,
                                      const TensorPlan& plan);

}  // namespace inkling

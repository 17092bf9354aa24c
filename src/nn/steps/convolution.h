// A convolution layer, in whichever of the two ways suits its shape: plainly (conv_step.h) or
// Winograd's (winograd_step.h).
#pragma once

#include <memory>

#include "nn/engine.h"
#include "nn/steps/norm_statistics.h"
#include "nn/steps/step.h"

namespace inkling {

// Shapes: x [N, H, W, Cin], y [N, Ho, Wo, Cout], weight [kernel, kernel, Cin, Cout], bias [Cout].
struct ConvOptions {
  TensorId x = -1, y = -1;
  TensorId grad_x = -1, grad_y = -1;  // -1: not wanted (inference; the first layer's input)
  bool accumulate_grad_x = false;     // another reader of x has already written it
  bool bias_gradient = true;  // false under a batch norm, where it is zero whatever the weights
  bool relu = false;          // rectify the output (inference)
  NormStatistics* statistics = nullptr;  // gets the sums of y and y^2, image by image (training)
  const Layer* fold = nullptr;           // inference: the batch norm to fold into weight and bias
};

// Plans the borders its tensors need. If `fast`, it multiplies bf16 where the engine does and the
// channels come in twos, or computes in Winograd's way where that applies; plainly in f32
// otherwise.
std::unique_ptr<Step> make_convolution(const Layer& layer, const ConvOptions& options,
                                       int max_images, const Engine& engine, bool fast,
                                       TensorPlan& plan);

}  // namespace inkling

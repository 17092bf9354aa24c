#include "nn/steps/convolution.h"

#include "nn/steps/conv_step.h"
#include "nn/steps/winograd_step.h"

namespace inkling {

std::unique_ptr<Step> make_convolution(const Layer& layer, const ConvOptions& options,
                                       int max_images, const Engine& engine, bool fast,
                                       TensorPlan& plan) {
  const bool pairs = layer.in.channels % 2 == 0 && layer.out.channels % 2 == 0;
  if (fast && pairs && engine.bf16()) {
    return make_conv_step<kernels::Bf16Pair>(layer, options, max_images, engine, plan);
  }
  if (fast && winograd_applies(layer)) {
    return make_winograd_step(layer, options, max_images, engine, plan);
  }
  return make_conv_step<float>(layer, options, max_images, engine, plan);
}

}  // namespace inkling

// Convolution 3x3 of stride 1 by Winograd's F(2x2, 3x3): transformed patches, 16 products a tile
// instead of 36 multiplications, transformed back; the gradients by the transposed way. The plain
// way is conv_step.h. Results differ from it by rounding alone.
#pragma once

#include "nn/steps/convolution.h"

namespace inkling {

// Whether it can and pays: 3x3, stride 1, as many outputs as inputs, channels in multiples of 16.
bool winograd_applies(const Layer& layer);

// Plans the borders its tensors need.
std::unique_ptr<Step> make_winograd_step(const Layer& layer, const ConvOptions& options,
                                         int max_images, const Engine& engine, TensorPlan& plan);

}  // namespace inkling

// Convolution, as batch-reduce products over rows of pixels. In channels-last memory the pixels
// under one kernel row are adjacent, so a tap row is one product with K = kernel * in channels, and
// a convolution is `kernel` of them, whatever the stride and however few the channels.
#pragma once

#include "nn/steps/convolution.h"

namespace inkling {

// Element: float, or kernels::Bf16Pair, for which the engine must have products and the channels
// come in twos. Plans the borders its tensors need.
template <typename Element>
std::unique_ptr<Step> make_conv_step(const Layer& layer, const ConvOptions& options, int max_images,
                                     const Engine& engine, TensorPlan& plan);

}  // namespace inkling

// Batch normalisation (Ioffe and Szegedy 2015) over images and pixels, channel by channel.
#pragma once

#include <string_view>

#include "nn/step.h"

namespace inkling {

inline constexpr float kBatchNormEpsilon = 1e-5f;  // PyTorch's defaults
inline constexpr float kBatchNormMomentum = 0.1f;  // share of the batch in the moving statistics

// gamma / sqrt(running_var + epsilon) of one channel: what a frozen norm multiplies by.
float batch_norm_scale(const Parameters& parameters, const Layer& norm, int channel);

struct BatchNormOptions {
  TensorId x = -1, y = -1, grad_x = -1, grad_y = -1;
  bool accumulate_grad_x = false;
  // Normalise by the moving statistics and leave them alone (inference, inspection) instead of by
  // the batch's.
  bool frozen = false;
};

class BatchNormStep : public Step {
 public:
  BatchNormStep(const Layer& layer, const BatchNormOptions& options, int max_images);

  void prepare(const Context& context) override;
  void forward(const Context& context) const override;
  void backward(const Context& context) const override;

 private:
  void batch_statistics(const Context& context) const;
  void gradient_coefficients(const Context& context) const;

  Layer layer_;
  BatchNormOptions options_;
  size_t channels_;
  // Per image, so that the sums are combined in double and in image order.
  mutable AlignedBuffer<float> image_sums_;  // [images, 2, channels]
  mutable AlignedBuffer<float> scale_, shift_, mean_, inverse_deviation_;
  mutable AlignedBuffer<float> from_dy_, from_x_, constant_;  // dx = a dy + b x + c
};

}  // namespace inkling

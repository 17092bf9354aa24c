// Batch norm's bookkeeping, shared by the steps that normalise: from sums over pixels to scale and
// shift, and from sums of gradients to the gradients' coefficients. One value a channel; sums are
// taken per image in f32 and combined in double in image order, so threads do not show.
#pragma once

#include "nn/steps/step.h"

namespace inkling {

inline constexpr float kBatchNormEpsilon = 1e-5f;  // PyTorch's defaults
inline constexpr float kBatchNormMomentum = 0.1f;  // weight of the batch in the moving statistics

// gamma / sqrt(running_var + epsilon) of one channel: what a frozen norm multiplies by.
float batch_norm_scale(const Parameters& parameters, const Layer& norm, int channel);

// A convolution with the frozen norm behind it: weight * gamma / sigma and (bias - mean) * gamma /
// sigma + beta. weight, folded: [weights] f32, the norm's channels last; bias may be null.
void fold_batch_norm(const Parameters& parameters, const Layer& norm, const float* weight,
                     int weights, const float* bias, float* folded, float* folded_bias);

class NormStatistics {
 public:
  NormStatistics(const Layer& norm, int max_images);

  // One image's sums, zeroed: two rows of [channels], of x and x^2 forward, of g and g x backward.
  float* clear_sums(int image);
  // The sums of g and g x of one image, best while it is in cache; forward g is x.
  void sum_image(const Context& context, const Tensor& g, const Tensor& x, int image);
  // The same of every image of the batch.
  void sum_images(const Context& context, const Tensor& g, const Tensor& x);
  int channels() const { return channels_; }

  // y = scale x + shift from the batch's mean and variance; moves the moving statistics.
  void use_batch(const Context& context, int pixels_per_image);
  // The same from the moving statistics.
  void use_moving(const Context& context);
  // From sums of g = d(loss)/dy and g x: writes the gradients of gamma and beta, and a, b, c such
  // that dx = a g + b x + c.
  void use_gradients(const Context& context, int pixels_per_image);

  const float* scale() const { return scale_.data(); }
  const float* shift() const { return shift_.data(); }
  const float* a() const { return a_.data(); }
  const float* b() const { return b_.data(); }
  const float* c() const { return c_.data(); }

 private:
  struct Totals {
    double first, second;
  };
  Totals total(int images, int channel) const;

  Layer norm_;
  int channels_;
  AlignedBuffer<float> image_sums_;  // [images, 2, channels]
  AlignedBuffer<float> scale_, shift_, mean_, inverse_deviation_, a_, b_, c_;
};

}  // namespace inkling

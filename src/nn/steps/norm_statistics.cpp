#include "nn/steps/norm_statistics.h"

#include <algorithm>
#include <cmath>

#include "base/to_float.h"

namespace inkling {

float batch_norm_scale(const Parameters& parameters, const Layer& norm, int channel) {
  return parameters.data(norm.weight)[channel] /
         std::sqrt(parameters.data(norm.variance)[channel] + kBatchNormEpsilon);
}

void fold_batch_norm(const Parameters& parameters, const Layer& norm, const float* weight,
                     int weights, const float* bias, float* folded, float* folded_bias) {
  const int channels = norm.in.channels;
  for (int c = 0; c < channels; ++c) {
    const float scale = batch_norm_scale(parameters, norm, c);
    const float mean = parameters.data(norm.mean)[c], beta = parameters.data(norm.bias)[c];
    folded_bias[c] = ((bias ? bias[c] : 0.0f) - mean) * scale + beta;
    for (int i = c; i < weights; i += channels) folded[i] = weight[i] * scale;
  }
}

NormStatistics::NormStatistics(const Layer& norm, int max_images)
    : norm_(norm), channels_(norm.in.channels), image_sums_(int64_t{max_images} * 2 * channels_) {
  for (AlignedBuffer<float>* buffer :
       {&scale_, &shift_, &mean_, &inverse_deviation_, &a_, &b_, &c_}) {
    *buffer = AlignedBuffer<float>(channels_);
  }
}

float* NormStatistics::clear_sums(int image) {
  float* sums = &image_sums_[ptrdiff_t{image} * 2 * channels_];
  std::fill_n(sums, 2 * channels_, 0.0f);
  return sums;
}

void NormStatistics::sum_image(const Context& context, const Tensor& g, const Tensor& x,
                               int image) {
  float* sums = clear_sums(image);
  for_runs(
      image,
      [&](const Run& run) {
        context.kernels->normalise->sums_and_products(run.at(g), g.channels, run.at(x), x.channels,
                                                      run.pixels, channels_, sums,
                                                      sums + channels_);
      },
      g, x);
}

void NormStatistics::sum_images(const Context& context, const Tensor& g, const Tensor& x) {
  for_image_pieces(context, [&](int begin, int end, int) {
    for (int image = begin; image < end; ++image) sum_image(context, g, x, image);
  });
}

NormStatistics::Totals NormStatistics::total(int images, int channel) const {
  Totals totals{0, 0};
  const float* sums = image_sums_.data() + channel;
  for (int image = 0; image < images; ++image, sums += 2 * channels_) {
    totals.first += sums[0];
    totals.second += sums[channels_];
  }
  return totals;
}

void NormStatistics::use_batch(const Context& context, int pixels_per_image) {
  const Parameters& parameters = *context.parameters;
  const double count = 1.0 * pixels_per_image * context.images;
  for (int c = 0; c < channels_; ++c) {
    const Totals sums = total(context.images, c);
    const double mean = sums.first / count;
    const double variance = std::max(0.0, sums.second / count - mean * mean);
    const double inverse = 1.0 / std::sqrt(variance + kBatchNormEpsilon);
    mean_[c] = to_float(mean);
    inverse_deviation_[c] = to_float(inverse);
    scale_[c] = to_float(parameters.data(norm_.weight)[c] * inverse);
    shift_[c] = to_float(parameters.data(norm_.bias)[c] - mean * scale_[c]);
    const double unbiased = count > 1 ? variance * count / (count - 1) : variance;
    float& moving_mean = parameters.data(norm_.mean)[c];
    float& moving_variance = parameters.data(norm_.variance)[c];
    moving_mean += kBatchNormMomentum * (to_float(mean) - moving_mean);
    moving_variance += kBatchNormMomentum * (to_float(unbiased) - moving_variance);
  }
}

void NormStatistics::use_moving(const Context& context) {
  const Parameters& parameters = *context.parameters;
  for (int c = 0; c < channels_; ++c) {
    scale_[c] = batch_norm_scale(parameters, norm_, c);
    shift_[c] = parameters.data(norm_.bias)[c] - parameters.data(norm_.mean)[c] * scale_[c];
    a_[c] = scale_[c];
    b_[c] = c_[c] = 0.0f;
  }
}

// With xhat = (x - mean) / sigma and m pixels:
//   dgamma = sum g xhat, dbeta = sum g, dx = gamma / sigma (g - dbeta / m - xhat dgamma / m),
// which is linear in g and x.
void NormStatistics::use_gradients(const Context& context, int pixels_per_image) {
  float* scale_gradient = context.gradient(norm_.weight);
  float* shift_gradient = context.gradient(norm_.bias);
  const double count = 1.0 * pixels_per_image * context.images;
  for (int c = 0; c < channels_; ++c) {
    const Totals sums = total(context.images, c);
    const double mean = mean_[c], inverse = inverse_deviation_[c];
    const double d_scale = (sums.second - mean * sums.first) * inverse;
    scale_gradient[c] = to_float(d_scale);
    shift_gradient[c] = to_float(sums.first);
    const double a = scale_[c];
    const double b = -a * d_scale * inverse / count;
    a_[c] = to_float(a);
    b_[c] = to_float(b);
    c_[c] = to_float(-a * sums.first / count - b * mean);
  }
}

}  // namespace inkling

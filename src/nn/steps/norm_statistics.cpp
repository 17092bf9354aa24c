#include "nn/steps/norm_statistics.h"

#include <algorithm>
#include <cmath>

namespace inkling {

float batch_norm_scale(const Parameters& parameters, const Layer& norm, int channel) {
  return parameters.data(norm.weight)[channel] /
         std::sqrt(parameters.data(norm.variance)[channel] + kBatchNormEpsilon);
}

void fold_batch_norm(const Parameters& parameters, const Layer& norm, const float* weight,
                     size_t weights, const float* bias, float* folded, float* folded_bias) {
  const size_t channels = static_cast<size_t>(norm.in.channels);
  for (size_t c = 0; c < channels; ++c) {
    const float scale = batch_norm_scale(parameters, norm, static_cast<int>(c));
    const float mean = parameters.data(norm.mean)[c], beta = parameters.data(norm.bias)[c];
    folded_bias[c] = ((bias ? bias[c] : 0.0f) - mean) * scale + beta;
    for (size_t i = c; i < weights; i += channels) folded[i] = weight[i] * scale;
  }
}

NormStatistics::NormStatistics(const Layer& norm, int max_images)
    : norm_(norm),
      channels_(static_cast<size_t>(norm.in.channels)),
      image_sums_(static_cast<size_t>(max_images) * 2 * channels_) {
  for (AlignedBuffer<float>* buffer :
       {&scale_, &shift_, &mean_, &inverse_deviation_, &a_, &b_, &c_}) {
    *buffer = AlignedBuffer<float>(channels_);
  }
}

void NormStatistics::clear_image(int image) { std::fill_n(image_sums(image), 2 * channels_, 0.0f); }

void NormStatistics::sum_image(const Context& context, const Tensor& x, int image) {
  clear_image(image);
  float* sums = image_sums(image);
  for_runs(
      image,
      [&](const Run& run) {
        context.kernels->normalise->sums_and_products(run.at(x), x.channels, run.at(x), x.channels,
                                                      run.pixels, channels_, sums,
                                                      sums + channels_);
      },
      x);
}

NormStatistics::Totals NormStatistics::total(int images, size_t channel) const {
  Totals totals{0, 0};
  const float* sums = image_sums_.data() + channel;
  for (int image = 0; image < images; ++image, sums += 2 * channels_) {
    totals.first += static_cast<double>(sums[0]);
    totals.second += static_cast<double>(sums[channels_]);
  }
  return totals;
}

void NormStatistics::use_batch(const Context& context, size_t pixels_per_image) {
  const Parameters& parameters = *context.parameters;
  const double count = static_cast<double>(pixels_per_image) * context.images;
  for (size_t c = 0; c < channels_; ++c) {
    const Totals sums = total(context.images, c);
    const double mean = sums.first / count;
    const double variance = std::max(0.0, sums.second / count - mean * mean);
    const double inverse = 1.0 / std::sqrt(variance + static_cast<double>(kBatchNormEpsilon));
    mean_[c] = static_cast<float>(mean);
    inverse_deviation_[c] = static_cast<float>(inverse);
    scale_[c] = static_cast<float>(parameters.data(norm_.weight)[c] * inverse);
    shift_[c] = static_cast<float>(parameters.data(norm_.bias)[c] - mean * scale_[c]);
    const double unbiased = count > 1 ? variance * count / (count - 1) : variance;
    float& moving_mean = parameters.data(norm_.mean)[c];
    float& moving_variance = parameters.data(norm_.variance)[c];
    moving_mean += kBatchNormMomentum * (static_cast<float>(mean) - moving_mean);
    moving_variance += kBatchNormMomentum * (static_cast<float>(unbiased) - moving_variance);
  }
}

void NormStatistics::use_moving(const Context& context) {
  const Parameters& parameters = *context.parameters;
  for (size_t c = 0; c < channels_; ++c) {
    scale_[c] = batch_norm_scale(parameters, norm_, static_cast<int>(c));
    shift_[c] = parameters.data(norm_.bias)[c] - parameters.data(norm_.mean)[c] * scale_[c];
    a_[c] = scale_[c];
    b_[c] = c_[c] = 0.0f;
  }
}

// With xhat = (x - mean) / sigma and m pixels:
//   dgamma = sum g xhat, dbeta = sum g, dx = gamma / sigma (g - dbeta / m - xhat dgamma / m),
// which is linear in g and x.
void NormStatistics::use_gradients(const Context& context, size_t pixels_per_image) {
  const auto& slots = context.parameters->architecture().slots;
  float* scale_gradient = context.gradients + slots[static_cast<size_t>(norm_.weight)].offset;
  float* shift_gradient = context.gradients + slots[static_cast<size_t>(norm_.bias)].offset;
  const double count = static_cast<double>(pixels_per_image) * context.images;
  for (size_t c = 0; c < channels_; ++c) {
    const Totals sums = total(context.images, c);
    const double mean = mean_[c], inverse = inverse_deviation_[c];
    const double d_scale = (sums.second - mean * sums.first) * inverse;
    scale_gradient[c] = static_cast<float>(d_scale);
    shift_gradient[c] = static_cast<float>(sums.first);
    const double a = scale_[c];
    const double b = -a * d_scale * inverse / count;
    a_[c] = static_cast<float>(a);
    b_[c] = static_cast<float>(b);
    c_[c] = static_cast<float>(-a * sums.first / count - b * mean);
  }
}

}  // namespace inkling

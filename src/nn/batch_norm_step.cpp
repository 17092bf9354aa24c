#include "nn/batch_norm_step.h"

#include <algorithm>
#include <cmath>

namespace inkling {
namespace {

// Pixels of one image in a row of memory: all of it, or one row where there are borders.
struct Runs {
  explicit Runs(const Tensor& t)
      : count(t.dense_images() ? 1 : t.height),
        pixels(static_cast<size_t>(t.dense_images() ? t.height * t.width : t.width)) {}
  int count;
  size_t pixels;
};

Runs common_runs(const Tensor& a, const Tensor& b) {
  const Runs first(a), second(b);
  return first.count >= second.count ? first : second;
}

}  // namespace

float batch_norm_scale(const Parameters& parameters, const Layer& norm, int channel) {
  return parameters.data(norm.weight)[channel] /
         std::sqrt(parameters.data(norm.variance)[channel] + kBatchNormEpsilon);
}

BatchNormStep::BatchNormStep(const Layer& layer, const BatchNormOptions& options, int max_images)
    : Step(layer.spec.name),
      layer_(layer),
      options_(options),
      channels_(static_cast<size_t>(layer.in.channels)) {
  image_sums_ = AlignedBuffer<float>(static_cast<size_t>(max_images) * 2 * channels_);
  for (AlignedBuffer<float>* buffer :
       {&scale_, &shift_, &mean_, &inverse_deviation_, &from_dy_, &from_x_, &constant_}) {
    *buffer = AlignedBuffer<float>(channels_);
  }
}

void BatchNormStep::prepare(const Context& context) {
  if (!options_.frozen) return;
  const Parameters& parameters = *context.parameters;
  for (size_t c = 0; c < channels_; ++c) {
    scale_[c] = batch_norm_scale(parameters, layer_, static_cast<int>(c));
    shift_[c] = parameters.data(layer_.bias)[c] - parameters.data(layer_.mean)[c] * scale_[c];
    from_dy_[c] = scale_[c];
  }
}

void BatchNormStep::batch_statistics(const Context& context) const {
  const Tensor& x = context.tensor(options_.x);
  const Runs runs(x);
  for_image_pieces(context, [&](int begin, int end, int) {
    for (int image = begin; image < end; ++image) {
      float* sums = image_sums_.data() + static_cast<size_t>(image) * 2 * channels_;
      std::fill(sums, sums + 2 * channels_, 0.0f);
      for (int run = 0; run < runs.count; ++run) {
        const float* row = x.row(image, run);
        context.kernels->normalise->sums_and_products(row, x.channels, row, x.channels, runs.pixels,
                                                      channels_, sums, sums + channels_);
      }
    }
  });
  const Parameters& parameters = *context.parameters;
  const double count = static_cast<double>(context.images) * x.height * x.width;
  for (size_t c = 0; c < channels_; ++c) {
    double sum = 0, squares = 0;
    for (int image = 0; image < context.images; ++image) {
      const float* sums = image_sums_.data() + static_cast<size_t>(image) * 2 * channels_;
      sum += static_cast<double>(sums[c]);
      squares += static_cast<double>(sums[channels_ + c]);
    }
    const double mean = sum / count;
    const double variance = std::max(0.0, squares / count - mean * mean);
    const double inverse = 1.0 / std::sqrt(variance + static_cast<double>(kBatchNormEpsilon));
    mean_[c] = static_cast<float>(mean);
    inverse_deviation_[c] = static_cast<float>(inverse);
    scale_[c] = static_cast<float>(parameters.data(layer_.weight)[c] * inverse);
    shift_[c] = static_cast<float>(parameters.data(layer_.bias)[c] - mean * scale_[c]);
    const double unbiased = count > 1 ? variance * count / (count - 1) : variance;
    float& running_mean = parameters.data(layer_.mean)[c];
    float& running_variance = parameters.data(layer_.variance)[c];
    running_mean += kBatchNormMomentum * (static_cast<float>(mean) - running_mean);
    running_variance += kBatchNormMomentum * (static_cast<float>(unbiased) - running_variance);
  }
}

void BatchNormStep::forward(const Context& context) const {
  if (!options_.frozen) batch_statistics(context);
  const Tensor& x = context.tensor(options_.x);
  const Tensor& y = context.tensor(options_.y);
  const Runs runs = common_runs(x, y);
  for_image_pieces(context, [&](int begin, int end, int) {
    for (int image = begin; image < end; ++image) {
      for (int run = 0; run < runs.count; ++run) {
        context.kernels->normalise->scale_shift(x.row(image, run), x.channels, runs.pixels,
                                                channels_, scale_.data(), shift_.data(), false,
                                                y.row(image, run), y.channels);
      }
    }
  });
}

// With xhat = (x - mean) / sigma and m pixels:
//   dgamma = sum dy xhat, dbeta = sum dy, dx = gamma / sigma (dy - dbeta / m - xhat dgamma / m),
// which is linear in dy and x.
void BatchNormStep::gradient_coefficients(const Context& context) const {
  const Tensor& x = context.tensor(options_.x);
  const Tensor& dy = context.tensor(options_.grad_y);
  const Runs runs = common_runs(x, dy);
  for_image_pieces(context, [&](int begin, int end, int) {
    for (int image = begin; image < end; ++image) {
      float* sums = image_sums_.data() + static_cast<size_t>(image) * 2 * channels_;
      std::fill(sums, sums + 2 * channels_, 0.0f);
      for (int run = 0; run < runs.count; ++run) {
        context.kernels->normalise->sums_and_products(dy.row(image, run), dy.channels,
                                                      x.row(image, run), x.channels, runs.pixels,
                                                      channels_, sums, sums + channels_);
      }
    }
  });
  const auto& slots = context.parameters->architecture().slots;
  float* scale_gradient = context.gradients + slots[static_cast<size_t>(layer_.weight)].offset;
  float* shift_gradient = context.gradients + slots[static_cast<size_t>(layer_.bias)].offset;
  const double count = static_cast<double>(context.images) * x.height * x.width;
  for (size_t c = 0; c < channels_; ++c) {
    double sum = 0, product = 0;
    for (int image = 0; image < context.images; ++image) {
      const float* sums = image_sums_.data() + static_cast<size_t>(image) * 2 * channels_;
      sum += static_cast<double>(sums[c]);
      product += static_cast<double>(sums[channels_ + c]);
    }
    const double mean = mean_[c], inverse = inverse_deviation_[c];
    const double d_scale = (product - mean * sum) * inverse;
    scale_gradient[c] = static_cast<float>(d_scale);
    shift_gradient[c] = static_cast<float>(sum);
    const double a = scale_[c];
    const double b = -a * d_scale * inverse / count;
    from_dy_[c] = static_cast<float>(a);
    from_x_[c] = static_cast<float>(b);
    constant_[c] = static_cast<float>(-a * sum / count - b * mean);
  }
}

void BatchNormStep::backward(const Context& context) const {
  if (!options_.frozen) gradient_coefficients(context);
  if (options_.grad_x < 0) return;
  const Tensor& x = context.tensor(options_.x);
  const Tensor& dy = context.tensor(options_.grad_y);
  const Tensor& dx = context.tensor(options_.grad_x);
  const Runs runs(dx.dense_images() ? common_runs(x, dy) : Runs(dx));
  for_image_pieces(context, [&](int begin, int end, int) {
    for (int image = begin; image < end; ++image) {
      for (int run = 0; run < runs.count; ++run) {
        context.kernels->normalise->combine(
            dy.row(image, run), dy.channels, x.row(image, run), x.channels, runs.pixels, channels_,
            from_dy_.data(), from_x_.data(), constant_.data(), options_.accumulate_grad_x,
            dx.row(image, run), dx.channels);
      }
    }
  });
}

}  // namespace inkling

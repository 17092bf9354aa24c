#include "nn/steps/activate_step.h"

#include <algorithm>

namespace inkling {

ActivateStep::ActivateStep(std::string_view name, const ActivateOptions& options, int channels,
                           std::shared_ptr<NormStatistics> statistics)
    : Step(name), options_(options), channels_(channels), statistics_(std::move(statistics)) {
  if (statistics_) return;
  ones_ = AlignedBuffer<float>(channels_);
  zeros_ = AlignedBuffer<float>(channels_);
  std::fill(ones_.begin(), ones_.end(), 1.0f);
}

kernels::ActivateScale ActivateStep::scale() const {
  if (!statistics_) return {ones_.data(), zeros_.data()};
  return {statistics_->scale(), statistics_->shift()};
}

void ActivateStep::forward(const Context& context) const {
  const Tensor& x = context.tensor(options_.x);
  const Tensor& y = context.tensor(options_.y);
  if (statistics_) {
    if (!options_.sums_ready) statistics_->sum_images(context, x, x);
    statistics_->use_batch(context, x.height * x.width);
  }
  const kernels::ActivateScale scale = this->scale();
  for_image_pieces(context, [&](int begin, int end, int) {
    for (int image = begin; image < end; ++image) {
      if (options_.pool) {
        for (int row = 0; row < y.height; ++row) {
          context.kernels->activate->forward_pool(x.row(image, 2 * row), x.row_stride, y.width,
                                                  channels_, scale, y.row(image, row));
        }
        continue;
      }
      for_runs(
          image,
          [&](const Run& run) {
            context.kernels->normalise->scale_shift(run.at(x), x.channels, run.pixels, channels_,
                                                    scale.scale, scale.shift, true, run.at(y),
                                                    y.channels);
          },
          x, y);
    }
  });
}

void ActivateStep::sum_gradients(const Context& context) const {
  const Tensor& x = context.tensor(options_.x);
  const Tensor& dy = context.tensor(options_.grad_y);
  const kernels::ActivateScale scale = this->scale();
  for_image_pieces(context, [&](int begin, int end, int) {
    for (int image = begin; image < end; ++image) {
      float* sums = statistics_->clear_sums(image);
      if (options_.pool) {
        for (int row = 0; row < dy.height; ++row) {
          context.kernels->activate->sums_pool(x.row(image, 2 * row), x.row_stride,
                                               dy.row(image, row), dy.width, channels_, scale, sums,
                                               sums + channels_);
        }
        continue;
      }
      for_runs(
          image,
          [&](const Run& run) {
            context.kernels->activate->sums(run.at(x), run.at(dy), run.pixels, channels_, scale,
                                            sums, sums + channels_);
          },
          x, dy);
    }
  });
}

void ActivateStep::backward(const Context& context) const {
  const Tensor& x = context.tensor(options_.x);
  const Tensor& dy = context.tensor(options_.grad_y);
  if (statistics_) {
    sum_gradients(context);
    statistics_->use_gradients(context, x.height * x.width);
  }
  if (options_.grad_x < 0) return;
  const Tensor& dx = context.tensor(options_.grad_x);
  const kernels::ActivateScale scale = this->scale();
  const kernels::ActivateGradient gradient =
      statistics_ ? kernels::ActivateGradient{statistics_->a(), statistics_->b(), statistics_->c()}
                  : kernels::ActivateGradient{ones_.data(), zeros_.data(), zeros_.data()};
  for_image_pieces(context, [&](int begin, int end, int) {
    for (int image = begin; image < end; ++image) {
      if (options_.pool) {
        for (int row = 0; row < dy.height; ++row) {
          context.kernels->activate->backward_pool(x.row(image, 2 * row), x.row_stride,
                                                   dy.row(image, row), dy.width, channels_, scale,
                                                   gradient, dx.row(image, 2 * row), dx.row_stride);
        }
        continue;
      }
      for_runs(
          image,
          [&](const Run& run) {
            context.kernels->activate->backward(run.at(x), run.at(dy), run.pixels, channels_, scale,
                                                gradient, run.at(dx));
          },
          x, dy, dx);
    }
  });
}

}  // namespace inkling

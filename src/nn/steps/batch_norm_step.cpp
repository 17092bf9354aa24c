#include "nn/steps/batch_norm_step.h"

namespace inkling {

BatchNormStep::BatchNormStep(const Layer& layer, const BatchNormOptions& options, int max_images)
    : Step(layer.spec.name), options_(options), statistics_(layer, max_images) {}

void BatchNormStep::prepare(const Context& context) {
  if (options_.frozen) statistics_.use_moving(context);
}

void BatchNormStep::forward(const Context& context) const {
  const Tensor& x = context.tensor(options_.x);
  const Tensor& y = context.tensor(options_.y);
  const kernels::NormaliseKernels& kernels = *context.kernels->normalise;
  if (!options_.frozen) {
    statistics_.sum_images(context, x, x);
    statistics_.use_batch(context, x.height * x.width);
  }
  for_image_pieces(context, [&](int begin, int end, int) {
    for (int image = begin; image < end; ++image) {
      for_runs(
          image,
          [&](const Run& run) {
            kernels.scale_shift(run.at(x), x.channels, run.pixels, statistics_.channels(),
                                statistics_.scale(), statistics_.shift(), false, run.at(y),
                                y.channels);
          },
          x, y);
    }
  });
}

void BatchNormStep::backward(const Context& context) const {
  const Tensor& x = context.tensor(options_.x);
  const Tensor& dy = context.tensor(options_.grad_y);
  const kernels::NormaliseKernels& kernels = *context.kernels->normalise;
  if (!options_.frozen) {
    statistics_.sum_images(context, dy, x);
    statistics_.use_gradients(context, x.height * x.width);
  }
  if (options_.grad_x < 0) return;
  const Tensor& dx = context.tensor(options_.grad_x);
  for_image_pieces(context, [&](int begin, int end, int) {
    for (int image = begin; image < end; ++image) {
      for_runs(
          image,
          [&](const Run& run) {
            kernels.combine(run.at(dy), dy.channels, run.at(x), x.channels, run.pixels,
                            statistics_.channels(), statistics_.a(), statistics_.b(),
                            statistics_.c(), options_.accumulate_grad_x, run.at(dx), dx.channels);
          },
          x, dy, dx);
    }
  });
}

}  // namespace inkling

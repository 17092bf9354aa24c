#include "nn/steps/simple_steps.h"

#include <algorithm>
#include <cmath>

#include "base/random.h"
#include "base/to_float.h"

namespace inkling {
namespace {

// Calls body(run, floats) for each run of adjacent values common to the tensors, all images.
template <typename Body, typename... Tensors>
void for_all_runs(const Context& context, Body&& body, const Tensor& first,
                  const Tensors&... rest) {
  for_image_pieces(context, [&](int begin, int end, int) {
    for (int image = begin; image < end; ++image) {
      for_runs(
          image, [&](const Run& run) { body(run, run.pixels * first.channels); }, first, rest...);
    }
  });
}

void give_gradient(const Context& context, const float* from, int floats, bool accumulate,
                   float* to) {
  if (accumulate) {
    context.kernels->elementwise->accumulate(from, floats, to);
  } else {
    std::copy_n(from, floats, to);
  }
}

}  // namespace

ReluStep::ReluStep(const Layer& layer, const UnaryOptions& options)
    : Step(layer.spec.name), options_(options) {}

void ReluStep::forward(const Context& context) const {
  const Tensor &x = context.tensor(options_.x), &y = context.tensor(options_.y);
  for_all_runs(
      context,
      [&](const Run& run, int floats) {
        context.kernels->elementwise->relu(run.at(x), floats, run.at(y));
      },
      x, y);
}

void ReluStep::backward(const Context& context) const {
  if (options_.grad_x < 0) return;
  const Tensor& y = context.tensor(options_.y);
  const Tensor &dy = context.tensor(options_.grad_y), &dx = context.tensor(options_.grad_x);
  for_all_runs(
      context,
      [&](const Run& run, int floats) {
        context.kernels->elementwise->relu_backward(run.at(y), run.at(dy), floats,
                                                    options_.accumulate_grad_x, run.at(dx));
      },
      y, dy, dx);
}

uint32_t dropout_layer_key(uint32_t key, uint32_t salt) {
  return static_cast<uint32_t>(mix_bits((uint64_t{key} << 32) | salt));
}

uint32_t dropout_threshold(double rate) {
  return static_cast<uint32_t>(std::min(std::floor(rate * 0x1p32), 0x1p32 - 1));
}

DropoutStep::DropoutStep(const Layer& layer, const UnaryOptions& options, int salt)
    : Step(layer.spec.name),
      options_(options),
      salt_(narrow<uint32_t>(salt)),
      threshold_(dropout_threshold(layer.spec.rate)),
      scale_(to_float(1.0 / (1.0 - layer.spec.rate))) {}

void DropoutStep::apply(const Context& context, TensorId from, TensorId to) const {
  const Tensor &x = context.tensor(from), &y = context.tensor(to);
  const uint32_t key = dropout_layer_key(context.dropout_key, salt_);
  const int image_floats = x.row_floats() * x.height;
  for_all_runs(
      context,
      [&](const Run& run, int floats) {
        // Modulo 2^32.
        const auto first =
            static_cast<uint32_t>(int64_t{run.image} * image_floats + run.row * x.row_floats());
        context.kernels->elementwise->dropout(run.at(x), floats, key, first, threshold_, scale_,
                                              run.at(y));
      },
      x, y);
}

void DropoutStep::forward(const Context& context) const { apply(context, options_.x, options_.y); }

// A second reader of dropout's input would have to add: the mask goes onto dy in place, then.
void DropoutStep::backward(const Context& context) const {
  if (options_.grad_x < 0) return;
  if (!options_.accumulate_grad_x) return apply(context, options_.grad_y, options_.grad_x);
  apply(context, options_.grad_y, options_.grad_y);
  const Tensor &dy = context.tensor(options_.grad_y), &dx = context.tensor(options_.grad_x);
  for_all_runs(
      context,
      [&](const Run& run, int floats) {
        context.kernels->elementwise->accumulate(run.at(dy), floats, run.at(dx));
      },
      dy, dx);
}

FlattenStep::FlattenStep(const Layer& layer, const UnaryOptions& options)
    : Step(layer.spec.name), options_(options) {}

void FlattenStep::forward(const Context& context) const {
  const Tensor &x = context.tensor(options_.x), &y = context.tensor(options_.y);
  for_image_pieces(context, [&](int begin, int end, int) {
    for (int image = begin; image < end; ++image) {
      float* to = y.image(image);
      for (int row = 0; row < x.height; ++row) {
        to = std::copy_n(x.row(image, row), x.row_floats(), to);
      }
    }
  });
}

void FlattenStep::backward(const Context& context) const {
  if (options_.grad_x < 0) return;
  const Tensor &dy = context.tensor(options_.grad_y), &dx = context.tensor(options_.grad_x);
  for_image_pieces(context, [&](int begin, int end, int) {
    for (int image = begin; image < end; ++image) {
      const float* from = dy.image(image);
      for (int row = 0; row < dx.height; ++row, from += dx.row_floats()) {
        give_gradient(context, from, dx.row_floats(), options_.accumulate_grad_x,
                      dx.row(image, row));
      }
    }
  });
}

AddStep::AddStep(const Layer& layer, const AddOptions& options)
    : Step(layer.spec.name), options_(options) {}

void AddStep::forward(const Context& context) const {
  const Tensor &a = context.tensor(options_.a), &b = context.tensor(options_.b);
  const Tensor& y = context.tensor(options_.y);
  for_all_runs(
      context,
      [&](const Run& run, int floats) {
        context.kernels->elementwise->add(run.at(a), run.at(b), floats, false, run.at(y));
      },
      a, b, y);
}

void AddStep::backward(const Context& context) const {
  const Tensor& dy = context.tensor(options_.grad_y);
  const auto give = [&](TensorId to, bool accumulate) {
    if (to < 0) return;
    const Tensor& dx = context.tensor(to);
    for_all_runs(
        context,
        [&](const Run& run, int floats) {
          give_gradient(context, run.at(dy), floats, accumulate, run.at(dx));
        },
        dy, dx);
  };
  give(options_.grad_a, options_.accumulate_grad_a);
  give(options_.grad_b, options_.accumulate_grad_b);
}

PoolStep::PoolStep(const Layer& layer, const UnaryOptions& options)
    : Step(layer.spec.name),
      options_(options),
      out_height_(layer.out.height),
      stride_(layer.spec.stride),
      maximum_(layer.spec.kind == LayerKind::kMaxPool) {
  const bool global = layer.spec.kind == LayerKind::kGlobalAveragePool;
  row_.window_height = global ? layer.in.height : layer.spec.window;
  row_.window_width = global ? layer.in.width : layer.spec.window;
  row_.stride = stride_ = global ? 1 : layer.spec.stride;
  row_.out_width = layer.out.width;
  row_.channels = layer.in.channels;
}

void PoolStep::forward(const Context& context) const {
  const Tensor &x = context.tensor(options_.x), &y = context.tensor(options_.y);
  const auto pool = maximum_ ? context.kernels->pool->max : context.kernels->pool->average;
  for_row_bands(context, out_height_, [&](const ImagePiece& piece, const RowBand& band) {
    for (int image = piece.begin; image < piece.end; ++image) {
      for (int row = band.begin; row < band.end; ++row) {
        pool(row_, x.row(image, row * stride_), x.row_stride, y.row(image, row));
      }
    }
  });
}

void PoolStep::backward(const Context& context) const {
  if (options_.grad_x < 0) return;
  const Tensor &x = context.tensor(options_.x), &y = context.tensor(options_.y);
  const Tensor &dy = context.tensor(options_.grad_y), &dx = context.tensor(options_.grad_x);
  for_image_pieces(context, [&](int begin, int end, int) {
    for (int image = begin; image < end; ++image) {
      if (!options_.accumulate_grad_x) {
        for (int row = 0; row < dx.height; ++row) {
          std::fill_n(dx.row(image, row), dx.row_floats(), 0.0f);
        }
      }
      for (int row = 0; row < out_height_; ++row) {
        float* target = dx.row(image, row * stride_);
        if (maximum_) {
          context.kernels->pool->max_backward(row_, x.row(image, row * stride_), x.row_stride,
                                              y.row(image, row), dy.row(image, row), target,
                                              dx.row_stride);
        } else {
          context.kernels->pool->average_backward(row_, dy.row(image, row), target, dx.row_stride);
        }
      }
    }
  });
}

}  // namespace inkling

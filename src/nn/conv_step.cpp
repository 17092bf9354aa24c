#include "nn/conv_step.h"

#include <algorithm>

#include "nn/batch_norm_step.h"

namespace inkling {
namespace {

size_t round_up(size_t n, size_t unit) { return (n + unit - 1) / unit * unit; }
int mod(int a, int n) { return ((a % n) + n) % n; }

}  // namespace

ConvStep::ConvStep(const Layer& layer, const ConvOptions& options, int max_images,
                   const kernels::Variant& kernels, TensorPlan& plan)
    : Step(layer.spec.name),
      kernel_(layer.spec.kernel),
      stride_(layer.spec.stride),
      in_channels_(layer.in.channels),
      out_channels_(layer.out.channels),
      padding_(layer.padding),
      in_(layer.in),
      out_(layer.out),
      weight_(layer.weight),
      bias_(layer.bias),
      options_(options),
      max_images_(max_images),
      panel_columns_(kernels.brgemm->panel_columns) {
  const Padding& pad = padding_;
  plan.widen(options_.x,
             {pad.top, std::max(0, (out_.height - 1) * stride_ + kernel_ - pad.top - in_.height),
              pad.left, std::max(0, (out_.width - 1) * stride_ + kernel_ - pad.left - in_.width)});
  const size_t area = static_cast<size_t>(kernel_) * static_cast<size_t>(kernel_);
  const size_t weights = area * static_cast<size_t>(in_channels_ * out_channels_);
  const auto columns = [&](int channels) {
    return round_up(static_cast<size_t>(channels), static_cast<size_t>(panel_columns_));
  };
  packed_ = AlignedBuffer<float>(area * static_cast<size_t>(in_channels_) * columns(out_channels_));
  if (options_.fold) {
    folded_ = AlignedBuffer<float>(weights);
    folded_bias_ = AlignedBuffer<float>(columns(out_channels_));
  }
  if (options_.grad_y < 0) return;
  partial_ = AlignedBuffer<float>(static_cast<size_t>(pieces_of(max_images)) *
                                  (weights + static_cast<size_t>(out_channels_)));
  if (options_.grad_x >= 0) {
    plan_phases(plan);
    packed_transposed_ =
        AlignedBuffer<float>(area * static_cast<size_t>(out_channels_) * columns(in_channels_));
  }
}

// dx at (y, x) sums dy at ((y + top - ky) / stride, ...) over the taps ky for which that is whole.
// As ky grows by stride, the dy pixel moves back by one.
void ConvStep::plan_phases(TensorPlan& plan) {
  size_t packed = 0;
  Padding border;
  for (int row = 0; row < std::min(stride_, in_.height); ++row) {
    for (int column = 0; column < std::min(stride_, in_.width); ++column) {
      Phase phase;
      phase.row = row;
      phase.column = column;
      const int first_ky = mod(row + padding_.top, stride_);
      const int first_kx = mod(column + padding_.left, stride_);
      phase.taps_y = first_ky < kernel_ ? (kernel_ - 1 - first_ky) / stride_ + 1 : 0;
      phase.taps_x = first_kx < kernel_ ? (kernel_ - 1 - first_kx) / stride_ + 1 : 0;
      if (phase.taps_y == 0 || phase.taps_x == 0) {  // a kernel smaller than its stride
        phase.taps_y = phase.taps_x = 0;
        phases_.push_back(phase);
        continue;
      }
      phase.first_y = (row + padding_.top - first_ky) / stride_ - (phase.taps_y - 1);
      phase.first_x = (column + padding_.left - first_kx) / stride_ - (phase.taps_x - 1);
      phase.packed = packed;
      for (int ty = 0; ty < phase.taps_y; ++ty) {
        phase.packed_rows.push_back(static_cast<ptrdiff_t>(ty) * phase.taps_x * out_channels_ *
                                    panel_columns_);
      }
      packed += static_cast<size_t>(phase.taps_y * phase.taps_x) *
                static_cast<size_t>(out_channels_) *
                round_up(static_cast<size_t>(in_channels_), static_cast<size_t>(panel_columns_));
      const int rows = (in_.height - 1 - row) / stride_;  // of this phase, less one
      const int columns = (in_.width - 1 - column) / stride_;
      border.top = std::max(border.top, -phase.first_y);
      border.left = std::max(border.left, -phase.first_x);
      border.bottom = std::max(border.bottom, phase.first_y + rows + phase.taps_y - out_.height);
      border.right = std::max(border.right, phase.first_x + columns + phase.taps_x - out_.width);
      phases_.push_back(phase);
    }
  }
  plan.widen(options_.grad_y, border);
}

// weight * gamma / sigma and (bias - mean) * gamma / sigma + beta.
const float* ConvStep::folded_weight(const Context& context) {
  const Parameters& parameters = *context.parameters;
  const Layer& norm = *options_.fold;
  const float* weight = parameters.data(weight_);
  const float* bias = parameters.data(bias_);
  const size_t channels = static_cast<size_t>(out_channels_);
  for (size_t c = 0; c < channels; ++c) {
    const float scale = batch_norm_scale(parameters, norm, static_cast<int>(c));
    const float mean = parameters.data(norm.mean)[c], beta = parameters.data(norm.bias)[c];
    folded_bias_[c] = ((bias ? bias[c] : 0.0f) - mean) * scale + beta;
    for (size_t i = c; i < folded_.size(); i += channels) folded_[i] = weight[i] * scale;
  }
  return folded_.data();
}

void ConvStep::prepare(const Context& context) {
  const float* weight = options_.fold ? folded_weight(context) : context.parameters->data(weight_);
  const int rows = kernel_ * kernel_ * in_channels_;
  context.kernels->brgemm->pack(weight, out_channels_, 1, rows, out_channels_,
                                static_cast<ptrdiff_t>(rows) * panel_columns_, packed_.data());
  if (options_.grad_x >= 0) pack_transposed(context);
}

// Within a phase: [tap row][tap column, reversed][out channel] rows of in-channel columns.
void ConvStep::pack_transposed(const Context& context) {
  const float* weight = context.parameters->data(weight_);
  for (const Phase& phase : phases_) {
    const int first_ky = mod(phase.row + padding_.top, stride_);
    const int first_kx = mod(phase.column + padding_.left, stride_);
    const ptrdiff_t tap_floats = static_cast<ptrdiff_t>(out_channels_) * panel_columns_;
    float* to = packed_transposed_.data() + phase.packed;
    for (int ty = phase.taps_y - 1; ty >= 0; --ty) {
      for (int tx = phase.taps_x - 1; tx >= 0; --tx, to += tap_floats) {
        const int tap = (first_ky + stride_ * ty) * kernel_ + first_kx + stride_ * tx;
        context.kernels->brgemm->pack(
            weight + static_cast<ptrdiff_t>(tap) * in_channels_ * out_channels_, 1, out_channels_,
            out_channels_, in_channels_, phase.taps_y * phase.taps_x * tap_floats, to);
      }
    }
  }
}

void ConvStep::bind(const Tensor* tensors) {
  const Tensor& x = tensors[options_.x];
  const ptrdiff_t row_k = static_cast<ptrdiff_t>(kernel_) * in_channels_;
  for (int ky = 0; ky < kernel_; ++ky) {
    x_tap_rows_.push_back(ky * x.row_stride);
    packed_rows_.push_back(ky * row_k * panel_columns_);
  }
  if (options_.grad_y < 0) return;
  const Tensor& dy = tensors[options_.grad_y];
  for (int ky = 0; ky < kernel_; ++ky) dy_tap_rows_.push_back(ky * dy.row_stride);
  for (int image = 0; image < max_images_; ++image) {
    for (int row = 0; row < out_.height; ++row) {
      x_rows_.push_back(image * x.image_stride + row * stride_ * x.row_stride);
      dy_rows_.push_back(image * dy.image_stride + row * dy.row_stride);
    }
  }
}

void ConvStep::forward(const Context& context) const {
  const Tensor& x = context.tensor(options_.x);
  const Tensor& y = context.tensor(options_.y);
  kernels::BrgemmArgs args;
  args.a_offsets = x_tap_rows_.data();
  args.lda = static_cast<ptrdiff_t>(stride_) * in_channels_;
  args.b = packed_.data();
  args.b_offsets = packed_rows_.data();
  args.ldb = panel_columns_;
  args.b_panel = static_cast<ptrdiff_t>(kernel_) * kernel_ * in_channels_ * panel_columns_;
  args.count = kernel_;
  args.m = out_.width;
  args.n = out_channels_;
  args.k = kernel_ * in_channels_;
  args.ldc = out_channels_;
  args.bias = options_.fold ? folded_bias_.data() : context.parameters->data(bias_);
  args.relu = options_.relu;
  for_image_pieces(context, [&](int begin, int end, int) {
    kernels::BrgemmArgs row_args = args;
    for (int image = begin; image < end; ++image) {
      for (int row = 0; row < out_.height; ++row) {
        row_args.a = x.row(image, row * stride_ - padding_.top) - padding_.left * in_channels_;
        row_args.c = y.row(image, row);
        context.kernels->brgemm->run(row_args);
      }
    }
  });
}

void ConvStep::backward(const Context& context) const {
  for_image_pieces(context, [&](int begin, int end, int piece) {
    if (context.gradients) weight_gradient(context, begin, end, piece);
    if (options_.grad_x >= 0) input_gradient(context, begin, end);
  });
  if (context.gradients) sum_pieces(context);
}

void ConvStep::input_gradient(const Context& context, int begin, int end) const {
  const Tensor& dy = context.tensor(options_.grad_y);
  const Tensor& dx = context.tensor(options_.grad_x);
  kernels::BrgemmArgs args;
  args.a_offsets = dy_tap_rows_.data();
  args.lda = out_channels_;
  args.ldb = panel_columns_;
  args.n = in_channels_;
  args.ldc = static_cast<ptrdiff_t>(stride_) * in_channels_;
  args.accumulate = options_.accumulate_grad_x;
  for (const Phase& phase : phases_) {
    args.count = phase.taps_y;
    args.k = phase.taps_x * out_channels_;
    args.b = packed_transposed_.data() + phase.packed;
    args.b_offsets = phase.packed_rows.data();
    args.b_panel = static_cast<ptrdiff_t>(args.count) * args.k * panel_columns_;
    args.m = (in_.width - 1 - phase.column) / stride_ + 1;
    for (int image = begin; image < end; ++image) {
      for (int y = phase.row, row = 0; y < in_.height; y += stride_, ++row) {
        args.a = dy.row(image, phase.first_y + row) + phase.first_x * out_channels_;
        args.c = dx.row(image, y) + phase.column * in_channels_;
        context.kernels->brgemm->run(args);
      }
    }
  }
}

// dW[ky][kx, in][out] = sum over images, rows and pixels of x[.. + ky, .. + kx, in] * dy[.., out].
void ConvStep::weight_gradient(const Context& context, int begin, int end, int piece) const {
  const Tensor& x = context.tensor(options_.x);
  const Tensor& dy = context.tensor(options_.grad_y);
  const ptrdiff_t weights =
      static_cast<ptrdiff_t>(kernel_) * kernel_ * in_channels_ * out_channels_;
  float* partial = partial_.data() + piece * (weights + out_channels_);
  kernels::BrgemmArgs args;
  args.a_offsets = x_rows_.data();
  args.lda = static_cast<ptrdiff_t>(stride_) * in_channels_;
  args.a_transposed = true;
  args.b = dy.image(begin);
  args.b_offsets = dy_rows_.data();
  args.ldb = out_channels_;
  args.b_panel = panel_columns_;
  args.count = (end - begin) * out_.height;
  args.m = kernel_ * in_channels_;
  args.n = out_channels_;
  args.k = out_.width;
  args.ldc = out_channels_;
  for (int ky = 0; ky < kernel_; ++ky) {
    args.a = x.row(begin, ky - padding_.top) - padding_.left * in_channels_;
    args.c = partial + static_cast<ptrdiff_t>(ky) * args.m * out_channels_;
    context.kernels->brgemm->run(args);
  }
  if (bias_ < 0 || !options_.bias_gradient) return;
  float* bias = partial + weights;
  std::fill(bias, bias + out_channels_, 0.0f);
  // Borders are zero, so an image is summed in one run, theirs included.
  const size_t run = static_cast<size_t>((dy.height - 1) * dy.row_stride / dy.channels + dy.width);
  for (int image = begin; image < end; ++image) {
    context.kernels->normalise->sums(dy.image(image), run, dy.channels,
                                     static_cast<size_t>(out_channels_), bias);
  }
}

void ConvStep::sum_pieces(const Context& context) const {
  const size_t weights =
      static_cast<size_t>(kernel_ * kernel_ * in_channels_) * static_cast<size_t>(out_channels_);
  const size_t stride = weights + static_cast<size_t>(out_channels_);
  const int pieces = pieces_of(context.images);
  const auto sum = [&](int slot, size_t from, size_t begin, size_t end) {
    float* total = context.gradients +
                   context.parameters->architecture().slots[static_cast<size_t>(slot)].offset;
    std::copy(&partial_[from + begin], &partial_[from + begin] + (end - begin), total + begin);
    for (int piece = 1; piece < pieces; ++piece) {
      context.kernels->elementwise->accumulate(
          &partial_[static_cast<size_t>(piece) * stride + from + begin], end - begin,
          total + begin);
    }
  };
  constexpr size_t kRun = 8192;  // floats: enough work to share
  context.pool->run(static_cast<int>((weights + kRun - 1) / kRun), [&](int run) {
    const size_t begin = static_cast<size_t>(run) * kRun;
    sum(weight_, 0, begin, std::min(weights, begin + kRun));
  });
  if (bias_ >= 0 && options_.bias_gradient) {
    sum(bias_, weights, 0, static_cast<size_t>(out_channels_));
  }
}

}  // namespace inkling

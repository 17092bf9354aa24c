#include "nn/conv_step.h"

#include <algorithm>
#include <vector>

#include "nn/conv_phases.h"
#include "nn/operands.h"

namespace inkling {
namespace {

// x and dy of the images a weight gradient sweeps at once: every register tile reads all of them,
// so they had better fit the second-level cache.
constexpr ptrdiff_t kGradientBytes = 256 * 1024;

// Element: float, or a pair of bf16.
template <typename Element>
class ConvStep : public Step {
 public:
  ConvStep(const Layer& layer, const ConvOptions& options, int max_images, int panel_columns,
           TensorPlan& plan);

  void bind(const Tensor* tensors) override;
  Scratch::Sizes scratch_sizes() const override;
  void prepare(const Context& context) override;
  void forward(const Context& context) const override;
  void backward(const Context& context) const override;

 private:
  using Operand = Operands<Element>;
  using Args = kernels::BrgemmArgsOf<Element>;

  // Where an image of x begins that this step reads, its border included, and how far it goes.
  const float* x_region(const Tensor& x, int image) const {
    return x.row(image, -padding_.top) - padding_.left * in_channels_;
  }
  const float* dy_region(const Tensor& dy, int image) const {
    return dy.row(image, -phases_.border().top) - phases_.border().left * out_channels_;
  }

  size_t padded(int channels) const { return phases_.padded(channels); }
  const float* folded_weight(const Context& context);
  void sum_output(const Context& context, const Tensor& y, int image) const;
  void input_gradient(const Context& context, const ImagePiece& piece) const;
  void weight_gradient(const Context& context, const ImagePiece& piece) const;
  void bias_gradient(const Context& context, const ImagePiece& piece, float* bias) const;
  void sum_pieces(const Context& context) const;

  int kernel_, stride_, in_channels_, out_channels_;
  Padding padding_;
  Shape in_, out_;
  int weight_, bias_;  // parameter slots
  ConvOptions options_;
  int max_images_;
  int panel_columns_;
  ConvPhases phases_;                                          // of the input's gradient
  int gradient_block_ = 1;                                     // images
  size_t x_floats_ = 0, dy_floats_ = 0, dy_inner_floats_ = 0;  // of the regions
  // Offsets of the products' batches, in elements: tap rows of x, dy and the packed weight;
  // (images, row) pairs of x and dy.
  std::vector<ptrdiff_t> x_tap_rows_, dy_tap_rows_, packed_rows_, x_rows_, dy_rows_;
  AlignedBuffer<Element> packed_;             // weight for forward
  AlignedBuffer<Element> packed_transposed_;  // weight for the input's gradient, phase by phase
  AlignedBuffer<float> folded_;               // weight times batch norm's scale
  AlignedBuffer<float> folded_bias_;
  mutable AlignedBuffer<float> partial_;  // [pieces, weight + bias] gradients
};

template <typename Element>
ConvStep<Element>::ConvStep(const Layer& layer, const ConvOptions& options, int max_images,
                            int panel_columns, TensorPlan& plan)
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
      panel_columns_(panel_columns),
      phases_(layer, panel_columns, Operand::kValues) {
  const Padding& pad = padding_;
  plan.widen(options_.x,
             {pad.top, std::max(0, (out_.height - 1) * stride_ + kernel_ - pad.top - in_.height),
              pad.left, std::max(0, (out_.width - 1) * stride_ + kernel_ - pad.left - in_.width)});
  const size_t area = static_cast<size_t>(kernel_) * static_cast<size_t>(kernel_);
  const size_t weights = area * static_cast<size_t>(in_channels_ * out_channels_);
  const size_t rows = area * static_cast<size_t>(in_channels_) / Operand::kValues;
  packed_ = AlignedBuffer<Element>(rows * padded(out_channels_));
  if (options_.fold) {
    folded_ = AlignedBuffer<float>(weights);
    folded_bias_ = AlignedBuffer<float>(padded(out_channels_));
  }
  if (options_.grad_y < 0) return;
  partial_ = AlignedBuffer<float>(static_cast<size_t>(pieces_of(max_images)) *
                                  (weights + static_cast<size_t>(out_channels_)));
  if (options_.grad_x >= 0) {
    plan.widen(options_.grad_y, phases_.border());
    packed_transposed_ = AlignedBuffer<Element>(phases_.packed_size());
  }
}

template <typename Element>
void ConvStep<Element>::bind(const Tensor* tensors) {
  const Tensor& x = tensors[options_.x];
  const ptrdiff_t row_k = static_cast<ptrdiff_t>(kernel_) * in_channels_;
  x_floats_ = static_cast<size_t>(((out_.height - 1) * stride_ + kernel_ - 1) * x.row_stride +
                                  ((out_.width - 1) * stride_ + kernel_) * in_channels_);
  for (int ky = 0; ky < kernel_; ++ky) {
    x_tap_rows_.push_back(ky * x.row_stride / Operand::kValues);
    packed_rows_.push_back(ky * row_k / Operand::kValues * panel_columns_);
  }
  if (options_.grad_y < 0) return;
  const Tensor& dy = tensors[options_.grad_y];
  const Padding& border = phases_.border();
  dy_inner_floats_ = static_cast<size_t>((out_.height - 1) * dy.row_stride) +
                     static_cast<size_t>(out_.width * out_channels_);
  dy_floats_ = static_cast<size_t>((border.top + out_.height + border.bottom - 1) * dy.row_stride +
                                   (border.left + out_.width + border.right) * out_channels_);
  for (int ky = 0; ky < kernel_; ++ky) {
    dy_tap_rows_.push_back(ky * dy.row_stride / Operand::kValues);
  }
  // f32 products read the images where they are; pairs of them lie packed in scratch.
  const bool in_place = Operand::kImages == 1;
  const ptrdiff_t x_step = in_place ? x.image_stride : static_cast<ptrdiff_t>(x_floats_);
  const ptrdiff_t dy_step = in_place ? dy.image_stride : static_cast<ptrdiff_t>(dy_inner_floats_);
  const ptrdiff_t bytes =
      (x_step + dy_step) * static_cast<ptrdiff_t>(sizeof(Element)) / Operand::kImages;
  const int fitting = static_cast<int>(kGradientBytes / bytes);
  gradient_block_ = std::max(1, fitting / Operand::kImages) * Operand::kImages;
  for (int group = 0; group * Operand::kImages < max_images_; ++group) {
    for (int row = 0; row < out_.height; ++row) {
      x_rows_.push_back(group * x_step + row * stride_ * x.row_stride);
      dy_rows_.push_back(group * dy_step + row * dy.row_stride);
    }
  }
}

template <typename Element>
Scratch::Sizes ConvStep<Element>::scratch_sizes() const {
  const int images = std::min(gradient_block_, max_images_);
  return {std::max({Operand::plain_size(x_floats_), Operand::plain_size(dy_floats_),
                    Operand::across_size(images, x_floats_)}),
          Operand::across_size(images, dy_inner_floats_)};
}

// weight * gamma / sigma and (bias - mean) * gamma / sigma + beta.
template <typename Element>
const float* ConvStep<Element>::folded_weight(const Context& context) {
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

template <typename Element>
void ConvStep<Element>::prepare(const Context& context) {
  const float* weight = options_.fold ? folded_weight(context) : context.parameters->data(weight_);
  const int rows = kernel_ * kernel_ * in_channels_;
  const auto& kernels = Operand::kernels(context);
  kernels.pack(weight, out_channels_, 1, rows, out_channels_,
               static_cast<ptrdiff_t>(rows) / Operand::kValues * panel_columns_, packed_.data());
  if (options_.grad_x >= 0) {
    phases_.pack(context.parameters->data(weight_), kernels.pack, packed_transposed_.data());
  }
}

template <typename Element>
void ConvStep<Element>::forward(const Context& context) const {
  const Tensor& x = context.tensor(options_.x);
  const Tensor& y = context.tensor(options_.y);
  Args args;
  args.a_offsets = x_tap_rows_.data();
  args.lda = static_cast<ptrdiff_t>(stride_) * in_channels_ / Operand::kValues;
  args.b = packed_.data();
  args.b_offsets = packed_rows_.data();
  args.ldb = panel_columns_;
  args.b_panel =
      static_cast<ptrdiff_t>(kernel_) * kernel_ * in_channels_ / Operand::kValues * panel_columns_;
  args.count = kernel_;
  args.m = out_.width;
  args.n = out_channels_;
  args.k = kernel_ * in_channels_ / Operand::kValues;
  args.ldc = out_channels_;
  args.bias = options_.fold ? folded_bias_.data() : context.parameters->data(bias_);
  args.relu = options_.relu;
  for_image_pieces(context, [&](const ImagePiece& piece) {
    Args row_args = args;
    for (int image = piece.begin; image < piece.end; ++image) {
      const Element* a = Operand::plain(context, {piece.thread, 0}, x_region(x, image), x_floats_);
      for (int row = 0; row < out_.height; ++row) {
        row_args.a = a + row * stride_ * x.row_stride / Operand::kValues;
        row_args.c = y.row(image, row);
        Operand::kernels(context).run(row_args);
      }
      if (options_.statistics) sum_output(context, y, image);
    }
  });
}

// While the image is still in cache.
template <typename Element>
void ConvStep<Element>::sum_output(const Context& context, const Tensor& y, int image) const {
  NormStatistics& statistics = *options_.statistics;
  float* sums = statistics.image_sums(image);
  statistics.clear_image(image);
  for_runs(
      image,
      [&](const Run& run) {
        context.kernels->normalise->sums_and_products(run.at(y), y.channels, run.at(y), y.channels,
                                                      run.pixels, statistics.channels(), sums,
                                                      sums + statistics.channels());
      },
      y);
}

template <typename Element>
void ConvStep<Element>::backward(const Context& context) const {
  for_image_pieces(context, [&](const ImagePiece& piece) {
    if (context.gradients) weight_gradient(context, piece);
    if (options_.grad_x >= 0) input_gradient(context, piece);
  });
  if (context.gradients) sum_pieces(context);
}

template <typename Element>
void ConvStep<Element>::input_gradient(const Context& context, const ImagePiece& piece) const {
  const Tensor& dy = context.tensor(options_.grad_y);
  const Tensor& dx = context.tensor(options_.grad_x);
  const Padding& border = phases_.border();
  Args args;
  args.a_offsets = dy_tap_rows_.data();
  args.lda = out_channels_ / Operand::kValues;
  args.ldb = panel_columns_;
  args.n = in_channels_;
  args.ldc = static_cast<ptrdiff_t>(stride_) * in_channels_;
  args.accumulate = options_.accumulate_grad_x;
  for (int image = piece.begin; image < piece.end; ++image) {
    const Element* a = Operand::plain(context, {piece.thread, 0}, dy_region(dy, image), dy_floats_);
    for (const ConvPhases::Phase& phase : phases_) {
      args.count = phase.taps_y;
      args.k = phase.taps_x * out_channels_ / Operand::kValues;
      args.b = packed_transposed_.data() + phase.packed;
      args.b_offsets = phase.packed_rows.data();
      args.b_panel = static_cast<ptrdiff_t>(args.count) * args.k * panel_columns_;
      args.m = (in_.width - 1 - phase.column) / stride_ + 1;
      for (int y = phase.row, row = 0; y < in_.height; y += stride_, ++row) {
        args.a = a + ((phase.first_y + border.top + row) * dy.row_stride +
                      (phase.first_x + border.left) * out_channels_) /
                         Operand::kValues;
        args.c = dx.row(image, y) + phase.column * in_channels_;
        Operand::kernels(context).run(args);
      }
    }
  }
}

// dW[ky][kx, in][out] = sum over images, rows and pixels of x[.. + ky, .. + kx, in] * dy[.., out].
template <typename Element>
void ConvStep<Element>::weight_gradient(const Context& context, const ImagePiece& piece) const {
  const Tensor& x = context.tensor(options_.x);
  const Tensor& dy = context.tensor(options_.grad_y);
  const ptrdiff_t weights =
      static_cast<ptrdiff_t>(kernel_) * kernel_ * in_channels_ * out_channels_;
  float* partial = partial_.data() + piece.index * (weights + out_channels_);
  Args args;
  args.a_offsets = x_rows_.data();
  args.lda = static_cast<ptrdiff_t>(stride_) * in_channels_;
  args.a_transposed = true;
  args.b_offsets = dy_rows_.data();
  args.ldb = out_channels_;
  args.b_panel = panel_columns_;
  args.m = kernel_ * in_channels_;
  args.n = out_channels_;
  args.k = out_.width;
  args.ldc = out_channels_;
  for (int first = piece.begin; first < piece.end; first += gradient_block_) {
    const int images = std::min(gradient_block_, piece.end - first);
    const Element* a = Operand::across(context, {piece.thread, 0}, x_region(x, first),
                                       x.image_stride, images, x_floats_);
    args.b = Operand::across(context, {piece.thread, 1}, dy.image(first), dy.image_stride, images,
                             dy_inner_floats_);
    args.count = (images + Operand::kImages - 1) / Operand::kImages * out_.height;
    for (int ky = 0; ky < kernel_; ++ky) {
      args.a = a + ky * x.row_stride;
      args.c = partial + static_cast<ptrdiff_t>(ky) * args.m * out_channels_;
      Operand::kernels(context).run(args);
    }
    args.accumulate = true;
  }
  if (bias_ >= 0 && options_.bias_gradient) bias_gradient(context, piece, partial + weights);
}

template <typename Element>
void ConvStep<Element>::bias_gradient(const Context& context, const ImagePiece& piece,
                                      float* bias) const {
  const Tensor& dy = context.tensor(options_.grad_y);
  std::fill(bias, bias + out_channels_, 0.0f);
  // Borders are zero, so an image is summed in one run, theirs included.
  const size_t pixels = dy_inner_floats_ / static_cast<size_t>(out_channels_);
  for (int image = piece.begin; image < piece.end; ++image) {
    context.kernels->normalise->sums(dy.image(image), pixels, dy.channels,
                                     static_cast<size_t>(out_channels_), bias);
  }
}

template <typename Element>
void ConvStep<Element>::sum_pieces(const Context& context) const {
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

}  // namespace

std::unique_ptr<Step> make_conv_step(const Layer& layer, const ConvOptions& options, int max_images,
                                     const Engine& engine, bool bf16_allowed, TensorPlan& plan) {
  const bool pairs = layer.in.channels % 2 == 0 && layer.out.channels % 2 == 0;
  if (bf16_allowed && pairs && engine.bf16()) {
    return std::make_unique<ConvStep<kernels::Bf16Pair>>(layer, options, max_images,
                                                         engine.bf16()->panel_columns, plan);
  }
  return std::make_unique<ConvStep<float>>(layer, options, max_images,
                                           engine.kernels().brgemm->panel_columns, plan);
}

}  // namespace inkling

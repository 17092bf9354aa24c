#include "nn/steps/conv_step.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "nn/steps/conv_phases.h"
#include "nn/steps/conv_weight_gradient.h"
#include "nn/steps/operands.h"

namespace inkling {
namespace {

// The tap rows of an output row that read the image and not its border, of zeros.
struct TapRange {
  int first, count;
};
TapRange taps_inside(int first_row, int taps, int height) {
  const int first = std::clamp(-first_row, 0, taps);
  return {first, std::clamp(height - first_row, first, taps) - first};
}

// Element: float, or a pair of bf16.
template <typename Element>
class ConvStep : public Step {
 public:
  ConvStep(const Layer& layer, const ConvOptions& options, int max_images, const Engine& engine,
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

  void input_gradient(const Context& context, const ImagePiece& piece) const;

  int kernel_, stride_, in_channels_, out_channels_;
  int rows_;  // of the weight as a matrix: the products of an output
  Padding padding_;
  Shape in_, out_;
  int weight_, bias_;  // parameter slots
  ConvOptions options_;
  int panel_columns_;
  ConvPhases phases_;                       // of the input's gradient
  ptrdiff_t x_floats_ = 0, dy_floats_ = 0;  // of the regions
  // Offsets of the products' batches, in elements: tap rows of x, dy and the packed weight.
  std::vector<ptrdiff_t> x_tap_rows_, dy_tap_rows_, packed_rows_;
  AlignedBuffer<Element> packed_;             // weight for forward
  AlignedBuffer<Element> packed_transposed_;  // weight for the input's gradient, phase by phase
  AlignedBuffer<float> folded_;               // weight times batch norm's scale
  AlignedBuffer<float> folded_bias_;
  std::optional<ConvWeightGradient<Element>> weight_gradient_;  // in training
};

template <typename Element>
ConvStep<Element>::ConvStep(const Layer& layer, const ConvOptions& options, int max_images,
                            const Engine& engine, TensorPlan& plan)
    : Step(layer.spec.name),
      kernel_(layer.spec.kernel),
      stride_(layer.spec.stride),
      in_channels_(layer.in.channels),
      out_channels_(layer.out.channels),
      rows_(layer.products),
      padding_(layer.padding),
      in_(layer.in),
      out_(layer.out),
      weight_(layer.weight),
      bias_(layer.bias),
      options_(options),
      panel_columns_(Operand::kernels(engine).panel_columns),
      phases_(layer, panel_columns_, Operand::kValues) {
  const Padding& pad = padding_;
  plan.widen(options_.x,
             {pad.top, std::max(0, (out_.height - 1) * stride_ + kernel_ - pad.top - in_.height),
              pad.left, std::max(0, (out_.width - 1) * stride_ + kernel_ - pad.left - in_.width)});
  const int columns = phases_.padded(out_channels_);
  packed_ = AlignedBuffer<Element>(int64_t{rows_} / Operand::kValues * columns);
  if (options_.fold) {
    folded_ = AlignedBuffer<float>(rows_ * out_channels_);
    folded_bias_ = AlignedBuffer<float>(columns);
  }
  if (options_.grad_y < 0) return;
  weight_gradient_.emplace(layer, options, max_images, engine);
  if (options_.grad_x >= 0) {
    plan.widen(options_.grad_y, phases_.border());
    packed_transposed_ = AlignedBuffer<Element>(phases_.packed_size());
  }
}

template <typename Element>
void ConvStep<Element>::bind(const Tensor* tensors) {
  const Tensor& x = tensors[options_.x];
  const ptrdiff_t row_k = ptrdiff_t{kernel_} * in_channels_;
  x_floats_ = ((out_.height - 1) * stride_ + kernel_ - 1) * x.row_stride +
              ((out_.width - 1) * stride_ + kernel_) * in_channels_;
  for (int ky = 0; ky < kernel_; ++ky) {
    x_tap_rows_.push_back(ky * x.row_stride / Operand::kValues);
    packed_rows_.push_back(ky * row_k / Operand::kValues * panel_columns_);
  }
  if (options_.grad_y < 0) return;
  const Tensor& dy = tensors[options_.grad_y];
  const Padding& border = phases_.border();
  dy_floats_ = (border.top + out_.height + border.bottom - 1) * dy.row_stride +
               (border.left + out_.width + border.right) * out_channels_;
  for (int ky = 0; ky < kernel_; ++ky) {
    dy_tap_rows_.push_back(ky * dy.row_stride / Operand::kValues);
  }
  weight_gradient_->bind(tensors);
}

template <typename Element>
Scratch::Sizes ConvStep<Element>::scratch_sizes() const {
  Scratch::Sizes sizes = weight_gradient_ ? weight_gradient_->scratch_sizes() : Scratch::Sizes{};
  sizes[0] = std::max({sizes[0], Operand::plain_size(x_floats_), Operand::plain_size(dy_floats_)});
  return sizes;
}

template <typename Element>
void ConvStep<Element>::prepare(const Context& context) {
  const float* weight = context.parameters->data(weight_);
  if (options_.fold) {
    fold_batch_norm(*context.parameters, *options_.fold, weight, rows_ * out_channels_,
                    context.parameters->data(bias_), folded_.data(), folded_bias_.data());
    weight = folded_.data();
  }
  const auto& kernels = Operand::kernels(context);
  kernels.pack(weight, out_channels_, 1, rows_, out_channels_,
               ptrdiff_t{rows_} / Operand::kValues * panel_columns_, packed_.data());
  if (options_.grad_x >= 0) {
    phases_.pack(context.parameters->data(weight_), kernels.pack, packed_transposed_.data());
  }
}

template <typename Element>
void ConvStep<Element>::forward(const Context& context) const {
  const Tensor& x = context.tensor(options_.x);
  const Tensor& y = context.tensor(options_.y);
  Args args;
  args.lda = ptrdiff_t{stride_} * in_channels_ / Operand::kValues;
  args.b = packed_.data();
  args.ldb = panel_columns_;
  args.b_panel = ptrdiff_t{rows_} / Operand::kValues * panel_columns_;
  args.m = out_.width;
  args.n = out_channels_;
  args.k = kernel_ * in_channels_ / Operand::kValues;
  args.ldc = out_channels_;
  args.bias = options_.fold ? folded_bias_.data() : context.parameters->data(bias_);
  args.relu = options_.relu;
  for_row_bands(context, out_.height, [&](const ImagePiece& piece, const RowBand& band) {
    Args row_args = args;
    // What the band's rows read of an image: x_floats_ less the other rows.
    const ptrdiff_t skipped = band.begin * stride_ * x.row_stride;
    const ptrdiff_t x_floats =
        x_floats_ - (out_.height - (band.end - band.begin)) * stride_ * x.row_stride;
    for (int image = piece.begin; image < piece.end; ++image) {
      const Element* a =
          Operand::plain(context, {piece.thread, 0}, x_region(x, image) + skipped, x_floats);
      for (int row = band.begin; row < band.end; ++row) {
        const TapRange taps = taps_inside(row * stride_ - padding_.top, kernel_, in_.height);
        row_args.a_offsets = x_tap_rows_.data() + taps.first;
        row_args.b_offsets = packed_rows_.data() + taps.first;
        row_args.count = taps.count;
        row_args.a = a + (row - band.begin) * stride_ * x.row_stride / Operand::kValues;
        row_args.c = y.row(image, row);
        Operand::kernels(context).run(row_args);
      }
      if (options_.statistics) options_.statistics->sum_image(context, y, y, image);
    }
  });
}

template <typename Element>
void ConvStep<Element>::backward(const Context& context) const {
  for_image_pieces(context, [&](const ImagePiece& piece) {
    if (context.gradients) weight_gradient_->add_piece(context, piece);
    if (options_.grad_x >= 0) input_gradient(context, piece);
  });
  if (context.gradients) weight_gradient_->sum_pieces(context);
}

template <typename Element>
void ConvStep<Element>::input_gradient(const Context& context, const ImagePiece& piece) const {
  const Tensor& dy = context.tensor(options_.grad_y);
  const Tensor& dx = context.tensor(options_.grad_x);
  const Padding& border = phases_.border();
  Args args;
  args.lda = out_channels_ / Operand::kValues;
  args.ldb = panel_columns_;
  args.n = in_channels_;
  args.ldc = ptrdiff_t{stride_} * in_channels_;
  args.accumulate = options_.accumulate_grad_x;
  for (int image = piece.begin; image < piece.end; ++image) {
    const Element* a = Operand::plain(context, {piece.thread, 0}, dy_region(dy, image), dy_floats_);
    for (const ConvPhases::Phase& phase : phases_) {
      args.k = phase.taps_x * out_channels_ / Operand::kValues;
      args.b = packed_transposed_.data() + phase.packed;
      args.b_panel = ptrdiff_t{phase.taps_y} * args.k * panel_columns_;
      args.m = (in_.width - 1 - phase.column) / stride_ + 1;
      for (int y = phase.row, row = 0; y < in_.height; y += stride_, ++row) {
        const TapRange taps = taps_inside(phase.first_y + row, phase.taps_y, out_.height);
        args.a_offsets = dy_tap_rows_.data() + taps.first;
        args.b_offsets = phase.packed_rows.data() + taps.first;
        args.count = taps.count;
        args.a = a + ((phase.first_y + border.top + row) * dy.row_stride +
                      (phase.first_x + border.left) * out_channels_) /
                         Operand::kValues;
        args.c = dx.row(image, y) + phase.column * in_channels_;
        Operand::kernels(context).run(args);
      }
    }
  }
}

}  // namespace

template <typename Element>
std::unique_ptr<Step> make_conv_step(const Layer& layer, const ConvOptions& options, int max_images,
                                     const Engine& engine, TensorPlan& plan) {
  return std::make_unique<ConvStep<Element>>(layer, options, max_images, engine, plan);
}

template std::unique_ptr<Step> make_conv_step<float>(const Layer&, const ConvOptions&, int,
                                                     const Engine&, TensorPlan&);
template std::unique_ptr<Step> make_conv_step<kernels::Bf16Pair>(const Layer&, const ConvOptions&,
                                                                 int, const Engine&, TensorPlan&);

}  // namespace inkling

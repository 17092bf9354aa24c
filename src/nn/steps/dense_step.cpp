#include "nn/steps/dense_step.h"

#include <algorithm>
#include <vector>

#include "nn/steps/operands.h"

namespace inkling {
namespace {

// Inputs a block: 256 rows of 32 packed columns are 32 KiB, half of a first-level cache at most.
constexpr int kBlockInputs = 256;
constexpr int kBlockImages = 32;

// Element: float, or a pair of bf16.
template <typename Element>
class DenseStep : public Step {
 public:
  DenseStep(const Layer& layer, const DenseOptions& options, int panel_columns, int max_images,
            const TensorPlan& plan);

  void bind(const Tensor* tensors) override;
  Scratch::Sizes scratch_sizes() const override;
  void prepare(const Context& context) override;
  void forward(const Context& context) const override;
  void backward(const Context& context) const override;

 private:
  using Operand = Operands<Element>;
  using Args = kernels::BrgemmArgsOf<Element>;

  // A run of inputs: adjacent in memory, small enough for its slice of the weights to stay in
  // cache.
  struct Block {
    int first = 0, count = 0;  // inputs
    ptrdiff_t x = 0, dx = 0;   // floats from an image's start
  };

  // `images` rows of n floats, `stride` apart, as elements along the row; sets their new stride.
  static const Element* rows(const Context& context, int thread, const float* p, ptrdiff_t stride,
                             int images, int n, ptrdiff_t& new_stride);
  void forward_images(const Context& context, const ImagePiece& piece, const RowBand& panels) const;
  void input_gradient(const Context& context, const Block& block, int thread,
                      Element* packed) const;
  void weight_gradient(const Context& context, const Block& block, int thread) const;

  int inputs_, units_;
  int weight_, bias_;  // parameter slots
  DenseOptions options_;
  int panel_columns_, max_images_;
  std::vector<Block> blocks_;
  AlignedBuffer<Element> packed_;                     // weight for forward
  mutable AlignedBuffer<Element> packed_transposed_;  // for the input's gradient, block by block
};

template <typename Element>
DenseStep<Element>::DenseStep(const Layer& layer, const DenseOptions& options, int panel_columns,
                              int max_images, const TensorPlan& plan)
    : Step(layer.spec.name),
      inputs_(narrow<int>(plan.shape(options.x).size())),
      units_(layer.out.channels),
      weight_(layer.weight),
      bias_(layer.bias),
      options_(options),
      panel_columns_(panel_columns),
      max_images_(max_images) {
  const auto padded = [&](int columns) {
    return int64_t{ceil_div(columns, panel_columns_)} * panel_columns_;
  };
  packed_ = AlignedBuffer<Element>(inputs_ / Operand::kValues * padded(units_));
  if (options_.grad_x >= 0) {
    // Every block is padded to whole panels by itself.
    const int image_rows = plan.shape(options_.x).height;
    const int blocks = inputs_ / kBlockInputs + image_rows + 1;
    packed_transposed_ = AlignedBuffer<Element>((padded(inputs_) + blocks * panel_columns_) *
                                                (units_ / Operand::kValues));
  }
}

template <typename Element>
void DenseStep<Element>::bind(const Tensor* tensors) {
  const Tensor& x = tensors[options_.x];
  const bool whole =
      x.dense_images() && (options_.grad_x < 0 || tensors[options_.grad_x].dense_images());
  const int image_rows = whole ? 1 : x.height;
  const int row_inputs = inputs_ / image_rows;
  for (int row = 0; row < image_rows; ++row) {
    for (int first = 0; first < row_inputs; first += kBlockInputs) {
      Block block;
      block.first = row * row_inputs + first;
      block.count = std::min(kBlockInputs, row_inputs - first);
      block.x = row * x.row_stride + first;
      if (options_.grad_x >= 0) block.dx = row * tensors[options_.grad_x].row_stride + first;
      blocks_.push_back(block);
    }
  }
}

template <typename Element>
Scratch::Sizes DenseStep<Element>::scratch_sizes() const {
  return {std::max({Operand::plain_size(kBlockImages * kBlockInputs),
                    Operand::plain_size(ptrdiff_t{max_images_} * units_),
                    Operand::across_size(max_images_ + 2 * kernels::kTileDepth, kBlockInputs)}),
          Operand::across_size(max_images_ + 2 * kernels::kTileDepth, units_)};
}

template <typename Element>
void DenseStep<Element>::prepare(const Context& context) {
  const float* weight = context.parameters->data(weight_);
  const int panels = ceil_div(units_, panel_columns_);
  const ptrdiff_t panel = ptrdiff_t{inputs_ / Operand::kValues} * panel_columns_;
  context.pool->run(panels, [&](int p) {
    const int first = p * panel_columns_;
    Operand::kernels(context).pack(weight + first, units_, 1, inputs_,
                                   std::min(panel_columns_, units_ - first), panel,
                                   packed_.data() + p * panel);
  });
}

template <typename Element>
const Element* DenseStep<Element>::rows(const Context& context, int thread, const float* p,
                                        ptrdiff_t stride, int images, int n,
                                        ptrdiff_t& new_stride) {
  if constexpr (Operand::kValues == 1) {
    new_stride = stride;
    return p;
  } else {
    new_stride = n / Operand::kValues;
    Element* made = ScratchPlace{thread, 0}.of(context);
    for (int image = 0; image < images; ++image) {
      context.bf16->convert(p + image * stride, n, made + image * new_stride);
    }
    return made;
  }
}

// Pieces are blocks of images, or of one image's panels.
template <typename Element>
void DenseStep<Element>::forward(const Context& context) const {
  const int panels = ceil_div(units_, panel_columns_);
  if (context.split_image) {
    return for_row_bands(context, panels, [&](const ImagePiece& piece, const RowBand& band) {
      forward_images(context, piece, band);
    });
  }
  context.pool->run(ceil_div(context.images, kBlockImages), [&](int index, int thread) {
    const int begin = index * kBlockImages;
    const int end = std::min(begin + kBlockImages, context.images);
    forward_images(context, {begin, end, index, thread}, {0, panels});
  });
}

// Walks the inputs block by block, and within one the panels.
template <typename Element>
void DenseStep<Element>::forward_images(const Context& context, const ImagePiece& piece,
                                        const RowBand& panels) const {
  const Tensor& x = context.tensor(options_.x);
  const Tensor& y = context.tensor(options_.y);
  const int first_unit = panels.begin * panel_columns_;
  Args args;
  args.ldb = panel_columns_;
  args.b_panel = ptrdiff_t{inputs_ / Operand::kValues} * panel_columns_;
  args.m = piece.end - piece.begin;
  args.n = std::min(units_, panels.end * panel_columns_) - first_unit;
  args.c = y.image(piece.begin) + first_unit;
  args.ldc = y.image_stride;
  const float* bias = context.parameters->data(bias_);
  args.bias = bias ? bias + first_unit : nullptr;
  for (const Block& block : blocks_) {
    args.a = rows(context, piece.thread, x.image(piece.begin) + block.x, x.image_stride, args.m,
                  block.count, args.lda);
    args.b = packed_.data() + panels.begin * args.b_panel +
             ptrdiff_t{block.first} / Operand::kValues * panel_columns_;
    args.k = block.count / Operand::kValues;
    args.relu = options_.relu && &block == &blocks_.back();
    Operand::kernels(context).run(args);
    args.accumulate = true;
  }
}

template <typename Element>
void DenseStep<Element>::backward(const Context& context) const {
  context.pool->run(count_of(blocks_), [&](int piece, int thread) {
    const Block& block = at(blocks_, piece);
    if (context.gradients) weight_gradient(context, block, thread);
    if (options_.grad_x >= 0) {
      // Where this block's weights go: each block starts on a panel of its own.
      const ptrdiff_t panels_before = ceil_div(block.first, panel_columns_) + piece;
      input_gradient(
          context, block, thread,
          packed_transposed_.data() + panels_before * panel_columns_ * (units_ / Operand::kValues));
    }
  });
  if (!context.gradients || bias_ < 0 || !options_.bias_gradient) return;
  const Tensor& dy = context.tensor(options_.grad_y);
  float* gradient = context.gradient(bias_);
  std::fill(gradient, gradient + units_, 0.0f);
  context.kernels->normalise->sums(dy.data, context.images, dy.image_stride, units_, gradient);
}

// dx = dy W^T.
template <typename Element>
void DenseStep<Element>::input_gradient(const Context& context, const Block& block, int thread,
                                        Element* packed) const {
  const Tensor& dy = context.tensor(options_.grad_y);
  const Tensor& dx = context.tensor(options_.grad_x);
  const float* weight = context.parameters->data(weight_) + ptrdiff_t{block.first} * units_;
  Args args;
  args.a = rows(context, thread, dy.data, dy.image_stride, context.images, units_, args.lda);
  args.b = packed;
  args.ldb = panel_columns_;
  args.k = units_ / Operand::kValues;
  args.b_panel = ptrdiff_t{args.k} * panel_columns_;
  args.m = context.images;
  args.n = block.count;
  args.c = dx.data + block.dx;
  args.ldc = dx.image_stride;
  args.accumulate = options_.accumulate_grad_x;
  Operand::kernels(context).pack(weight, 1, units_, units_, block.count, args.b_panel, packed);
  Operand::kernels(context).run(args);
}

// dW[in][unit] = sum over images of x[in] * dy[unit].
template <typename Element>
void DenseStep<Element>::weight_gradient(const Context& context, const Block& block,
                                         int thread) const {
  const Tensor& x = context.tensor(options_.x);
  const Tensor& dy = context.tensor(options_.grad_y);
  const ScratchPlace x_place{thread, 0}, dy_place{thread, 1};
  Args args;
  args.b_panel = panel_columns_;
  args.m = block.count;
  args.n = units_;
  args.k = ceil_div(context.images, Operand::kImages);
  args.c = context.gradient(weight_) + ptrdiff_t{block.first} * units_;
  args.ldc = units_;
  if constexpr (Operand::kImages == 1) {
    args.a_transposed = true;
    args.a = x.data + block.x;
    args.lda = x.image_stride;
    args.b = dy.data;
    args.ldb = dy.image_stride;
  } else {
    const bool by_rows = context.bf16->a_by_rows;
    args.a_transposed = !by_rows;
    args.ldb = units_;
    args.b = Operand::across(context, dy_place, dy.data, dy.image_stride, context.images, units_);
    if (by_rows) {
      // Images become columns, in twos: k is filled up to whole tiles with pairs of zeros.
      const int pairs = args.k;
      args.k = ceil_div(pairs, kernels::kTileDepth) * kernels::kTileDepth;
      args.lda = args.k;
      Element* made = x_place.of(context);
      context.bf16->transpose({.first = x.data + block.x,
                               .second = x.data + block.x + x.image_stride,
                               .first_rows = pairs,
                               .second_rows = context.images / 2,
                               .columns = block.count,
                               .row_stride = 2 * x.image_stride},
                              args.lda, made);
      args.a = made;
      std::fill(dy_place.of(context) + ptrdiff_t{pairs} * units_,
                dy_place.of(context) + ptrdiff_t{args.k} * units_, Element{});
    } else {
      args.a = Operand::across(context, x_place, x.data + block.x, x.image_stride, context.images,
                               block.count);
      args.lda = block.count;
    }
  }
  Operand::kernels(context).run(args);
}

}  // namespace

std::unique_ptr<Step> make_dense_step(const Layer& layer, const DenseOptions& options,
                                      int max_images, const Engine& engine, bool bf16_allowed,
                                      const TensorPlan& plan) {
  const Shape& in = plan.shape(options.x);
  const bool pairs = in.width * in.channels % 2 == 0 && layer.out.channels % 2 == 0;
  if (bf16_allowed && pairs && engine.bf16()) {
    return std::make_unique<DenseStep<kernels::Bf16Pair>>(
        layer, options, engine.bf16()->panel_columns, max_images, plan);
  }
  return std::make_unique<DenseStep<float>>(layer, options, engine.kernels().brgemm->panel_columns,
                                            max_images, plan);
}

}  // namespace inkling

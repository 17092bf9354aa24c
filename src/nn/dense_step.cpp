#include "nn/dense_step.h"

#include <algorithm>

namespace inkling {
namespace {

// Inputs a block: 256 rows of 32 packed columns are 32 KiB, half of a first-level cache at most.
constexpr int kBlockInputs = 256;
constexpr int kBlockImages = 64;
constexpr ptrdiff_t kNoOffset[] = {0};

int ceil_div(int a, int b) { return (a + b - 1) / b; }

}  // namespace

DenseStep::DenseStep(const Layer& layer, const DenseOptions& options,
                     const kernels::Variant& kernels, const TensorPlan& plan)
    : Step(layer.spec.name),
      inputs_(static_cast<int>(plan.shape(options.x).size())),
      units_(layer.out.channels),
      weight_(layer.weight),
      bias_(layer.bias),
      options_(options),
      panel_columns_(kernels.brgemm->panel_columns) {
  const auto padded = [&](int columns) {
    return static_cast<size_t>(ceil_div(columns, panel_columns_) * panel_columns_);
  };
  packed_ = AlignedBuffer<float>(static_cast<size_t>(inputs_) * padded(units_));
  if (options_.grad_x >= 0) {
    // Every block is padded to whole panels by itself.
    const int rows = plan.shape(options_.x).height;
    packed_transposed_ = AlignedBuffer<float>(
        (padded(inputs_) +
         static_cast<size_t>((inputs_ / kBlockInputs + rows + 1) * panel_columns_)) *
        static_cast<size_t>(units_));
  }
}

void DenseStep::bind(const Tensor* tensors) {
  const Tensor& x = tensors[options_.x];
  const bool whole =
      x.dense_images() && (options_.grad_x < 0 || tensors[options_.grad_x].dense_images());
  const int rows = whole ? 1 : x.height;
  const int row_inputs = inputs_ / rows;
  for (int row = 0; row < rows; ++row) {
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

void DenseStep::prepare(const Context& context) {
  const float* weight = context.parameters->data(weight_);
  const int panels = ceil_div(units_, panel_columns_);
  const ptrdiff_t panel = static_cast<ptrdiff_t>(inputs_) * panel_columns_;
  context.pool->run(panels, [&](int p) {
    const int first = p * panel_columns_;
    context.kernels->brgemm->pack(weight + first, units_, 1, inputs_,
                                  std::min(panel_columns_, units_ - first), panel,
                                  packed_.data() + p * panel);
  });
}

// Pieces are (images, panel) blocks of the output; each walks the inputs block by block.
void DenseStep::forward(const Context& context) const {
  const Tensor& x = context.tensor(options_.x);
  const Tensor& y = context.tensor(options_.y);
  const float* bias = context.parameters->data(bias_);
  const int panels = ceil_div(units_, panel_columns_);
  const int image_blocks = ceil_div(context.images, kBlockImages);
  context.pool->run(panels * image_blocks, [&](int piece) {
    const int panel = piece % panels, image = piece / panels * kBlockImages;
    const int first = panel * panel_columns_;
    kernels::BrgemmArgs args;
    args.a_offsets = args.b_offsets = kNoOffset;
    args.lda = x.image_stride;
    args.ldb = panel_columns_;
    args.count = 1;
    args.m = std::min(kBlockImages, context.images - image);
    args.n = std::min(panel_columns_, units_ - first);
    args.c = y.image(image) + first;
    args.ldc = y.image_stride;
    args.bias = bias ? bias + first : nullptr;
    for (const Block& block : blocks_) {
      args.a = x.image(image) + block.x;
      args.b =
          packed_.data() + (static_cast<ptrdiff_t>(panel) * inputs_ + block.first) * panel_columns_;
      args.k = block.count;
      args.relu = options_.relu && &block == &blocks_.back();
      context.kernels->brgemm->run(args);
      args.accumulate = true;
    }
  });
}

void DenseStep::backward(const Context& context) const {
  context.pool->run(static_cast<int>(blocks_.size()), [&](int piece) {
    const Block& block = blocks_[static_cast<size_t>(piece)];
    if (context.gradients) weight_gradient(context, block);
    if (options_.grad_x >= 0) {
      // Where this block's weights go: each block starts on a panel of its own.
      const ptrdiff_t panels_before = ceil_div(block.first, panel_columns_) + piece;
      input_gradient(context, block,
                     packed_transposed_.data() + panels_before * panel_columns_ * units_);
    }
  });
  if (!context.gradients || bias_ < 0 || !options_.bias_gradient) return;
  const Tensor& dy = context.tensor(options_.grad_y);
  float* gradient = context.gradients +
                    context.parameters->architecture().slots[static_cast<size_t>(bias_)].offset;
  std::fill(gradient, gradient + units_, 0.0f);
  context.kernels->normalise->sums(dy.data, static_cast<size_t>(context.images), dy.image_stride,
                                   static_cast<size_t>(units_), gradient);
}

// dx = dy W^T.
void DenseStep::input_gradient(const Context& context, const Block& block, float* packed) const {
  const Tensor& dy = context.tensor(options_.grad_y);
  const Tensor& dx = context.tensor(options_.grad_x);
  const float* weight =
      context.parameters->data(weight_) + static_cast<ptrdiff_t>(block.first) * units_;
  kernels::BrgemmArgs args;
  args.a = dy.data;
  args.a_offsets = args.b_offsets = kNoOffset;
  args.lda = dy.image_stride;
  args.b = packed;
  args.ldb = panel_columns_;
  args.b_panel = static_cast<ptrdiff_t>(units_) * panel_columns_;
  args.count = 1;
  args.m = context.images;
  args.n = block.count;
  args.k = units_;
  args.c = dx.data + block.dx;
  args.ldc = dx.image_stride;
  args.accumulate = options_.accumulate_grad_x;
  context.kernels->brgemm->pack(weight, 1, units_, units_, block.count, args.b_panel, packed);
  context.kernels->brgemm->run(args);
}

// dW[in][unit] = sum over images of x[in] * dy[unit].
void DenseStep::weight_gradient(const Context& context, const Block& block) const {
  const Tensor& x = context.tensor(options_.x);
  const Tensor& dy = context.tensor(options_.grad_y);
  kernels::BrgemmArgs args;
  args.a = x.data + block.x;
  args.a_offsets = args.b_offsets = kNoOffset;
  args.lda = x.image_stride;
  args.a_transposed = true;
  args.b = dy.data;
  args.ldb = dy.image_stride;
  args.b_panel = panel_columns_;
  args.count = 1;
  args.m = block.count;
  args.n = units_;
  args.k = context.images;
  args.c = context.gradients +
           context.parameters->architecture().slots[static_cast<size_t>(weight_)].offset +
           static_cast<size_t>(block.first) * static_cast<size_t>(units_);
  args.ldc = units_;
  context.kernels->brgemm->run(args);
}

}  // namespace inkling

#include "nn/steps/conv_weight_gradient.h"

#include <algorithm>
#include <type_traits>

namespace inkling {
namespace {

// x and dy of the images swept at once: every register tile reads all of them, so they had better
// fit the second-level cache.
constexpr size_t kSweptBytes = 256 * 1024;
constexpr size_t kTileDepth = 16;  // what Bf16Kernels::a_by_rows wants k to be a multiple of

size_t round_up(size_t n, size_t step) { return (n + step - 1) / step * step; }

}  // namespace

template <typename Element>
ConvWeightGradient<Element>::ConvWeightGradient(const Layer& layer, const ConvOptions& options,
                                                int max_images, const Engine& engine)
    : layer_(layer), options_(options), max_images_(max_images) {
  const auto& kernels = Operand::kernels(engine);
  panel_columns_ = kernels.panel_columns;
  by_rows_ = Operand::a_by_rows(kernels);
  partial_ = AlignedBuffer<float>(static_cast<size_t>(pieces_of(max_images)) *
                                  (weights() + static_cast<size_t>(layer.out.channels)));
}

template <typename Element>
size_t ConvWeightGradient<Element>::weights() const {
  return static_cast<size_t>(layer_.spec.kernel) * static_cast<size_t>(layer_.spec.kernel) *
         static_cast<size_t>(layer_.in.channels) * static_cast<size_t>(layer_.out.channels);
}

template <typename Element>
void ConvWeightGradient<Element>::bind(const Tensor* tensors) {
  const Tensor& x = tensors[options_.x];
  const Tensor& dy = tensors[options_.grad_y];
  const int stride = layer_.spec.stride, kernel = layer_.spec.kernel;
  x_floats_ = static_cast<size_t>(((dy.height - 1) * stride + kernel - 1) * x.row_stride +
                                  ((dy.width - 1) * stride + kernel) * x.channels);
  dy_floats_ = static_cast<size_t>((dy.height - 1) * dy.row_stride + dy.row_floats());
  by_rows_ = by_rows_ && stride == 1 && x.row_stride % x.channels == 0 &&
             x.row_stride / x.channels * dy.channels == dy.row_stride;
  if (by_rows_) {
    plan_images(x, dy, max_images_);
  } else {
    plan_rows(x, dy, max_images_);
  }
}

// f32 products read the images where they are; pairs of them lie packed in scratch.
template <typename Element>
void ConvWeightGradient<Element>::plan_rows(const Tensor& x, const Tensor& dy, int max_images) {
  const bool in_place = Operand::kImages == 1;
  x_run_ = in_place ? static_cast<size_t>(x.image_stride) : x_floats_;
  dy_run_ = in_place ? static_cast<size_t>(dy.image_stride) : dy_floats_;
  block_ = std::max(1, static_cast<int>(kSweptBytes / ((x_run_ + dy_run_) * sizeof(Element)))) *
           Operand::kImages;
  x_row_ = x.row_stride;
  for (int ky = 0; ky < layer_.spec.kernel; ++ky) {
    TapRow& tap = tap_rows_.emplace_back();
    for (int image = 0; image < max_images; image += Operand::kImages) {
      tap.rows = 0;
      for (int row = 0; row < dy.height; ++row) {
        const int y = row * layer_.spec.stride + ky - layer_.padding.top;
        if (y < 0 || y >= x.height) continue;
        const ptrdiff_t group = image / Operand::kImages;
        tap.x.push_back(group * static_cast<ptrdiff_t>(x_run_) +
                        row * layer_.spec.stride * x.row_stride);
        tap.dy.push_back(group * static_cast<ptrdiff_t>(dy_run_) + row * dy.row_stride);
        ++tap.rows;
      }
    }
  }
}

template <typename Element>
void ConvWeightGradient<Element>::plan_images(const Tensor& x, const Tensor& dy, int max_images) {
  const int kernel = layer_.spec.kernel;
  x_row_ = x.row_stride / x.channels;
  const size_t pixels = round_up(dy_floats_ / static_cast<size_t>(dy.channels), kTileDepth);
  x_stride_ = static_cast<ptrdiff_t>(
      round_up(pixels + static_cast<size_t>((kernel - 1) * (x_row_ + 1)), kTileDepth));
  x_run_ = static_cast<size_t>(x_stride_ * x.channels);
  dy_run_ = pixels * static_cast<size_t>(dy.channels);
  block_ = std::max(1, static_cast<int>(kSweptBytes / ((x_run_ + dy_run_) * sizeof(Element)))) *
           Operand::kImages;
  TapRow& tap = tap_rows_.emplace_back();
  for (int image = 0; image < max_images; image += Operand::kImages) {
    const ptrdiff_t group = image / Operand::kImages;
    tap.x.push_back(group * static_cast<ptrdiff_t>(x_run_));
    tap.dy.push_back(group * static_cast<ptrdiff_t>(dy_run_));
  }
  tap.rows = 1;
}

template <typename Element>
Scratch::Sizes ConvWeightGradient<Element>::scratch_sizes() const {
  const int images = std::min(block_, max_images_);
  return {Operand::across_size(images, x_run_), Operand::across_size(images, dy_run_)};
}

// The images' x as A.
template <typename Element>
const Element* ConvWeightGradient<Element>::make_x(const Context& context, int thread, int first,
                                                   int images) const {
  const Tensor& x = context.tensor(options_.x);
  const float* region = x.row(first, -layer_.padding.top) - layer_.padding.left * x.channels;
  const ScratchPlace place{thread, 0};
  if constexpr (std::is_same_v<Element, kernels::Bf16Pair>) {
    if (by_rows_) {
      Element* made = place.of(context);
      const int pixels = static_cast<int>(x_floats_) / x.channels;
      for (int image = 0; image < images; image += 2, region += 2 * x.image_stride) {
        context.bf16->transpose({.first = region,
                                 .second = region + x.image_stride,
                                 .first_rows = pixels,
                                 .second_rows = image + 1 < images ? pixels : 0,
                                 .columns = x.channels,
                                 .row_stride = x.channels},
                                x_stride_, made + static_cast<size_t>(image / 2) * x_run_);
      }
      return made;
    }
  }
  return Operand::across(context, place, region, x.image_stride, images, x_floats_);
}

template <typename Element>
void ConvWeightGradient<Element>::add_piece(const Context& context, const ImagePiece& piece) const {
  const Tensor& dy = context.tensor(options_.grad_y);
  float* partial = &partial_[static_cast<size_t>(piece.index) *
                             (weights() + static_cast<size_t>(layer_.out.channels))];
  Args args;
  args.ldb = layer_.out.channels;
  args.b_panel = panel_columns_;
  args.n = layer_.out.channels;
  args.ldc = layer_.out.channels;
  for (int first = piece.begin; first < piece.end; first += block_) {
    const int images = std::min(block_, piece.end - first);
    const int groups = (images + Operand::kImages - 1) / Operand::kImages;
    const Element* x = make_x(context, piece.thread, first, images);
    const ScratchPlace place{piece.thread, 1};
    if constexpr (Operand::kImages == 1) {
      args.b =
          Operand::across(context, place, dy.image(first), dy.image_stride, images, dy_floats_);
    } else {
      args.b = Operand::across(context, place, dy.image(first), dy.image_stride, images, dy_floats_,
                               dy_run_);
    }
    if (by_rows_) {
      images_gradient(context, x, args, groups, partial);
    } else {
      rows_gradient(context, x, args, groups, partial);
    }
    args.accumulate = true;
  }
  if (layer_.bias >= 0 && options_.bias_gradient)
    bias_gradient(context, piece, partial + weights());
}

template <typename Element>
void ConvWeightGradient<Element>::rows_gradient(const Context& context, const Element* x, Args args,
                                                int groups, float* weights) const {
  args.a_transposed = true;
  args.lda = static_cast<ptrdiff_t>(layer_.spec.stride) * layer_.in.channels;
  args.m = layer_.spec.kernel * layer_.in.channels;
  args.k = layer_.out.width;
  args.a = x;
  args.c = weights;
  for (const TapRow& tap : tap_rows_) {
    args.a_offsets = tap.x.data();
    args.b_offsets = tap.dy.data();
    args.count = groups * tap.rows;
    Operand::kernels(context).run(args);
    args.a += x_row_;
    args.c += static_cast<ptrdiff_t>(args.m) * args.n;
  }
}

template <typename Element>
void ConvWeightGradient<Element>::images_gradient(const Context& context, const Element* x,
                                                  Args args, int groups, float* weights) const {
  args.lda = x_stride_;
  args.m = layer_.in.channels;
  args.k = static_cast<int>(dy_run_) / layer_.out.channels;
  args.a_offsets = tap_rows_.front().x.data();
  args.b_offsets = tap_rows_.front().dy.data();
  args.count = groups;
  args.c = weights;
  for (int ky = 0; ky < layer_.spec.kernel; ++ky) {
    for (int kx = 0; kx < layer_.spec.kernel; ++kx) {
      args.a = x + ky * x_row_ + kx;
      Operand::kernels(context).run(args);
      args.c += static_cast<ptrdiff_t>(args.m) * args.n;
    }
  }
}

template <typename Element>
void ConvWeightGradient<Element>::bias_gradient(const Context& context, const ImagePiece& piece,
                                                float* bias) const {
  const Tensor& dy = context.tensor(options_.grad_y);
  std::fill(bias, bias + dy.channels, 0.0f);
  // Borders are zero, so an image is summed in one run, theirs included.
  const size_t pixels = dy_floats_ / static_cast<size_t>(dy.channels);
  for (int image = piece.begin; image < piece.end; ++image) {
    context.kernels->normalise->sums(dy.image(image), pixels, dy.channels,
                                     static_cast<size_t>(dy.channels), bias);
  }
}

template <typename Element>
void ConvWeightGradient<Element>::sum_pieces(const Context& context) const {
  const size_t outputs = static_cast<size_t>(layer_.out.channels);
  const size_t stride = weights() + outputs;
  const auto gradient_of = [&](int slot) {
    return context.gradients +
           context.parameters->architecture().slots[static_cast<size_t>(slot)].offset;
  };
  constexpr size_t kRun = 8192;  // floats: enough work to share
  context.pool->run(static_cast<int>((weights() + kRun - 1) / kRun), [&](int run) {
    const size_t begin = static_cast<size_t>(run) * kRun;
    inkling::sum_pieces(context, partial_.data(), stride, begin, std::min(weights(), begin + kRun),
                        gradient_of(layer_.weight));
  });
  if (layer_.bias >= 0 && options_.bias_gradient) {
    inkling::sum_pieces(context, partial_.data() + weights(), stride, 0, outputs,
                        gradient_of(layer_.bias));
  }
}

template class ConvWeightGradient<float>;
template class ConvWeightGradient<kernels::Bf16Pair>;

}  // namespace inkling

#include "nn/steps/conv_weight_gradient.h"

#include <algorithm>
#include <type_traits>

namespace inkling {
namespace {

// x and dy of the images swept at once: every register tile reads all of them, so they had better
// fit the second-level cache.
constexpr ptrdiff_t kSweptBytes = 256 * 1024;

ptrdiff_t whole_tiles(ptrdiff_t n) {
  return ceil_div(n, kernels::kTileDepth) * kernels::kTileDepth;
}

}  // namespace

template <typename Element>
ConvWeightGradient<Element>::ConvWeightGradient(const Layer& layer, const ConvOptions& options,
                                                int max_images, const Engine& engine)
    : layer_(layer), options_(options), max_images_(max_images) {
  const auto& kernels = Operand::kernels(engine);
  panel_columns_ = kernels.panel_columns;
  by_rows_ = Operand::a_by_rows(kernels);
  partial_ = AlignedBuffer<float>(int64_t{pieces_of(max_images)} * partial_floats());
}

template <typename Element>
int ConvWeightGradient<Element>::weights() const {
  return layer_.products * layer_.out.channels;
}

template <typename Element>
void ConvWeightGradient<Element>::bind(const Tensor* tensors) {
  const Tensor& x = tensors[options_.x];
  const Tensor& dy = tensors[options_.grad_y];
  const int stride = layer_.spec.stride, kernel = layer_.spec.kernel;
  x_floats_ = ((dy.height - 1) * stride + kernel - 1) * x.row_stride +
              ((dy.width - 1) * stride + kernel) * x.channels;
  dy_floats_ = (dy.height - 1) * dy.row_stride + dy.row_floats();
  by_rows_ = by_rows_ && stride == 1 && x.row_stride % x.channels == 0 &&
             x.row_stride / x.channels * dy.channels == dy.row_stride;
  if (by_rows_) {
    plan_images(x, dy);
  } else {
    plan_rows(x, dy);
  }
}

template <typename Element>
void ConvWeightGradient<Element>::plan_block() {
  constexpr ptrdiff_t kElementBytes = sizeof(Element);
  const ptrdiff_t fit = kSweptBytes / ((x_run_ + dy_run_) * kElementBytes);
  block_ = std::max(1, narrow<int>(fit)) * Operand::kImages;
}

// f32 products read the images where they are; pairs of them lie packed in scratch.
template <typename Element>
void ConvWeightGradient<Element>::plan_rows(const Tensor& x, const Tensor& dy) {
  const bool in_place = Operand::kImages == 1;
  x_run_ = in_place ? x.image_stride : x_floats_;
  dy_run_ = in_place ? dy.image_stride : dy_floats_;
  plan_block();
  x_row_ = x.row_stride;
  for (int ky = 0; ky < layer_.spec.kernel; ++ky) {
    TapRow& tap = tap_rows_.emplace_back();
    for (int image = 0; image < max_images_; image += Operand::kImages) {
      tap.rows = 0;
      for (int row = 0; row < dy.height; ++row) {
        const int y = row * layer_.spec.stride + ky - layer_.padding.top;
        if (y < 0 || y >= x.height) continue;
        const ptrdiff_t group = image / Operand::kImages;
        tap.x.push_back(group * x_run_ + row * layer_.spec.stride * x.row_stride);
        tap.dy.push_back(group * dy_run_ + row * dy.row_stride);
        ++tap.rows;
      }
    }
  }
}

template <typename Element>
void ConvWeightGradient<Element>::plan_images(const Tensor& x, const Tensor& dy) {
  const int kernel = layer_.spec.kernel;
  x_row_ = x.row_stride / x.channels;
  const ptrdiff_t pixels = whole_tiles(dy_floats_ / dy.channels);
  x_stride_ = whole_tiles(pixels + (kernel - 1) * (x_row_ + 1));
  x_run_ = x_stride_ * x.channels;
  dy_run_ = pixels * dy.channels;
  plan_block();
  TapRow& tap = tap_rows_.emplace_back();
  for (int image = 0; image < max_images_; image += Operand::kImages) {
    const ptrdiff_t group = image / Operand::kImages;
    tap.x.push_back(group * x_run_);
    tap.dy.push_back(group * dy_run_);
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
      const int pixels = narrow<int>(x_floats_ / x.channels);
      for (int image = 0; image < images; image += 2, region += 2 * x.image_stride) {
        context.bf16->transpose({.first = region,
                                 .second = region + x.image_stride,
                                 .first_rows = pixels,
                                 .second_rows = image + 1 < images ? pixels : 0,
                                 .columns = x.channels,
                                 .row_stride = x.channels},
                                x_stride_, made + image / 2 * x_run_);
      }
      return made;
    }
  }
  return Operand::across(context, place, region, x.image_stride, images, x_floats_);
}

template <typename Element>
void ConvWeightGradient<Element>::add_piece(const Context& context, const ImagePiece& piece) const {
  const Tensor& dy = context.tensor(options_.grad_y);
  float* partial = &partial_[piece.index * partial_floats()];
  Args args;
  args.ldb = layer_.out.channels;
  args.b_panel = panel_columns_;
  args.n = layer_.out.channels;
  args.ldc = layer_.out.channels;
  for (int first = piece.begin; first < piece.end; first += block_) {
    const int images = std::min(block_, piece.end - first);
    const int groups = ceil_div(images, Operand::kImages);
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
  if (layer_.bias >= 0 && options_.bias_gradient) {
    bias_gradient(context, piece, partial + weights());
  }
}

template <typename Element>
void ConvWeightGradient<Element>::rows_gradient(const Context& context, const Element* x, Args args,
                                                int groups, float* weights) const {
  args.a_transposed = true;
  args.lda = ptrdiff_t{layer_.spec.stride} * layer_.in.channels;
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
    args.c += ptrdiff_t{args.m} * args.n;
  }
}

template <typename Element>
void ConvWeightGradient<Element>::images_gradient(const Context& context, const Element* x,
                                                  Args args, int groups, float* weights) const {
  args.lda = x_stride_;
  args.m = layer_.in.channels;
  args.k = narrow<int>(dy_run_ / layer_.out.channels);
  args.a_offsets = tap_rows_.front().x.data();
  args.b_offsets = tap_rows_.front().dy.data();
  args.count = groups;
  args.c = weights;
  for (int ky = 0; ky < layer_.spec.kernel; ++ky) {
    for (int kx = 0; kx < layer_.spec.kernel; ++kx) {
      args.a = x + ky * x_row_ + kx;
      Operand::kernels(context).run(args);
      args.c += ptrdiff_t{args.m} * args.n;
    }
  }
}

template <typename Element>
void ConvWeightGradient<Element>::bias_gradient(const Context& context, const ImagePiece& piece,
                                                float* bias) const {
  const Tensor& dy = context.tensor(options_.grad_y);
  std::fill(bias, bias + dy.channels, 0.0f);
  // Borders are zero, so an image is summed in one run, theirs included.
  const ptrdiff_t pixels = dy_floats_ / dy.channels;
  for (int image = piece.begin; image < piece.end; ++image) {
    context.kernels->normalise->sums(dy.image(image), pixels, dy.channels, dy.channels, bias);
  }
}

template <typename Element>
void ConvWeightGradient<Element>::sum_pieces(const Context& context) const {
  constexpr int kRun = 8192;  // floats: enough work for a thread
  context.pool->run(ceil_div(weights(), kRun), [&](int run) {
    const int begin = run * kRun;
    inkling::sum_pieces(context, partial_.data(), partial_floats(), begin,
                        std::min(weights(), begin + kRun), context.gradient(layer_.weight));
  });
  if (layer_.bias >= 0 && options_.bias_gradient) {
    inkling::sum_pieces(context, partial_.data() + weights(), partial_floats(), 0,
                        layer_.out.channels, context.gradient(layer_.bias));
  }
}

template class ConvWeightGradient<float>;
template class ConvWeightGradient<kernels::Bf16Pair>;

}  // namespace inkling

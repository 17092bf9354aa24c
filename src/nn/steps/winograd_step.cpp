#include "nn/steps/winograd_step.h"

#include <algorithm>

namespace inkling {
namespace {

using kernels::kWinogradPlaces;

constexpr int kChannelStep = 16;  // kernels/winograd.h
// Tiles worth a product: fewer would not fill its registers, and more images at once would leave
// the second-level cache.
constexpr int kTilesAtOnce = 64;

// The place a transformed patch of a kernel turned by 180 degrees is read from: G's first and last
// row change places, the others stay.
int turned(int place) {
  constexpr int kTurned[] = {3, 1, 2, 0};
  return 4 * kTurned[place / 4] + kTurned[place % 4];
}

class WinogradStep : public Step {
 public:
  WinogradStep(const Layer& layer, const ConvOptions& options, int max_images, const Engine& engine,
               TensorPlan& plan);

  Scratch::Sizes scratch_sizes() const override;
  void prepare(const Context& context) override;
  void forward(const Context& context) const override;
  void backward(const Context& context) const override;

 private:
  // Images whose tiles, in some rows of theirs, are multiplied together.
  struct Group {
    int first, images;
    RowBand rows;  // of tiles
    int thread;
  };

  template <typename Body>
  void for_groups(const ImagePiece& piece, const RowBand& rows, Body body) const;
  int tiles(const Group& group) const {
    return group.images * (group.rows.end - group.rows.begin) * tile_columns_;
  }
  ptrdiff_t plane(const Group& group, int channels) const {
    return ptrdiff_t{tiles(group)} * channels;
  }

  // Of one place: rows of columns, packed; the gradients of a piece's weights and bias.
  ptrdiff_t packed_floats(int rows, int columns) const {
    return ptrdiff_t{rows} * ceil_div(columns, panel_columns_) * panel_columns_;
  }
  ptrdiff_t partial_floats() const { return kWinogradPlaces * filters_ + out_; }

  const float* transform_input(const Context& context, const Group& group, const Tensor& x) const;
  const float* multiply(const Context& context, const Group& group, const float* v, int in,
                        const AlignedBuffer<float>& weights, int out) const;
  void transform_output(const Context& context, const Group& group, const float* m, const Tensor& y,
                        const kernels::WinogradOutput& how) const;
  void input_gradient(const Context& context, const Group& group) const;
  void weight_gradient(const Context& context, const Group& group, float* partial,
                       bool accumulate) const;
  void bias_gradient(const Context& context, const ImagePiece& piece, float* bias) const;
  void finish_gradients(const Context& context) const;
  void transform_weights(const float* weight, const Context& context);

  Layer layer_;
  ConvOptions options_;
  int in_, out_;                  // channels
  ptrdiff_t filters_;             // in_ * out_
  int tile_rows_, tile_columns_;  // of an image
  int images_at_once_;
  int panel_columns_;
  // [place, in, out]; packed by place: for forward, rows of in; for the input's gradient, of out.
  AlignedBuffer<float> transformed_, packed_, packed_turned_;
  AlignedBuffer<float> folded_, folded_bias_;
  mutable AlignedBuffer<float> partial_;  // [pieces, [place, in, out] + bias] gradients
  mutable AlignedBuffer<float> summed_;   // [place, in, out]
};

WinogradStep::WinogradStep(const Layer& layer, const ConvOptions& options, int max_images,
                           const Engine& engine, TensorPlan& plan)
    : Step(layer.spec.name),
      layer_(layer),
      options_(options),
      in_(layer.in.channels),
      out_(layer.out.channels),
      filters_(ptrdiff_t{in_} * out_),
      tile_rows_((layer.out.height + 1) / 2),
      tile_columns_((layer.out.width + 1) / 2),
      images_at_once_(std::max(1, kTilesAtOnce / (tile_rows_ * tile_columns_))),
      panel_columns_(engine.kernels().brgemm->panel_columns) {
  // Patches of the last tiles may reach one pixel further where sides are odd.
  const Padding border{1, 1 + layer.out.height % 2, 1, 1 + layer.out.width % 2};
  plan.widen(options.x, border);
  const auto packed = [&](int rows, int columns) {
    return AlignedBuffer<float>(kWinogradPlaces * packed_floats(rows, columns));
  };
  transformed_ = AlignedBuffer<float>(kWinogradPlaces * filters_);
  packed_ = packed(in_, out_);
  if (options.fold) {
    folded_ = AlignedBuffer<float>(9 * filters_);
    folded_bias_ = AlignedBuffer<float>(out_);
  }
  if (options.grad_y < 0) return;
  plan.widen(options.grad_y, border);
  partial_ = AlignedBuffer<float>(int64_t{pieces_of(max_images)} * partial_floats());
  summed_ = AlignedBuffer<float>(kWinogradPlaces * filters_);
  if (options.grad_x >= 0) packed_turned_ = packed(out_, in_);
}

Scratch::Sizes WinogradStep::scratch_sizes() const {
  const ptrdiff_t tiles = images_at_once_ * tile_rows_ * tile_columns_;
  const ptrdiff_t size = kWinogradPlaces * tiles * std::max(in_, out_);
  return {size, size};
}

// U = G w G' of each filter, out channels side by side.
void WinogradStep::transform_weights(const float* weight, const Context& context) {
  const ptrdiff_t area = filters_;
  context.pool->run(in_, [&](int in) {
    const float* w = weight + ptrdiff_t{in} * out_;
    float* u = transformed_.data() + ptrdiff_t{in} * out_;
    for (int c = 0; c < out_; ++c) {
      float half[4][3];  // G w
      for (int x = 0; x < 3; ++x) {
        const float top = w[x * area + c], middle = w[(3 + x) * area + c];
        const float bottom = w[(6 + x) * area + c];
        half[0][x] = top;
        half[1][x] = 0.5f * (top + middle + bottom);
        half[2][x] = 0.5f * (top - middle + bottom);
        half[3][x] = bottom;
      }
      for (int y = 0; y < 4; ++y) {
        const float left = half[y][0], middle = half[y][1], right = half[y][2];
        float* row = u + 4 * y * area + c;
        row[0] = left;
        row[area] = 0.5f * (left + middle + right);
        row[2 * area] = 0.5f * (left - middle + right);
        row[3 * area] = right;
      }
    }
  });
}

void WinogradStep::prepare(const Context& context) {
  const Parameters& parameters = *context.parameters;
  const float* weight = parameters.data(layer_.weight);
  if (options_.fold) {
    fold_batch_norm(parameters, *options_.fold, weight, 9 * in_ * out_,
                    parameters.data(layer_.bias), folded_.data(), folded_bias_.data());
    weight = folded_.data();
  }
  transform_weights(weight, context);
  const auto pack = context.kernels->brgemm->pack;
  context.pool->run(kWinogradPlaces, [&](int place) {
    pack(transformed_.data() + place * filters_, out_, 1, in_, out_,
         ptrdiff_t{in_} * panel_columns_, packed_.data() + place * packed_floats(in_, out_));
    if (options_.grad_x < 0) return;
    pack(transformed_.data() + turned(place) * filters_, 1, out_, out_, in_,
         ptrdiff_t{out_} * panel_columns_,
         packed_turned_.data() + place * packed_floats(out_, in_));
  });
}

template <typename Body>
void WinogradStep::for_groups(const ImagePiece& piece, const RowBand& rows, Body body) const {
  for (int first = piece.begin; first < piece.end; first += images_at_once_) {
    body(Group{first, std::min(images_at_once_, piece.end - first), rows, piece.thread});
  }
}

// The group's patches, [place][tile][channel], in the first scratch block.
const float* WinogradStep::transform_input(const Context& context, const Group& group,
                                           const Tensor& x) const {
  float* v = context.scratch->floats(group.thread, 0);
  const ptrdiff_t row_of_tiles = ptrdiff_t{tile_columns_} * x.channels;
  float* to = v;
  for (int image = group.first; image < group.first + group.images; ++image) {
    for (int row = group.rows.begin; row < group.rows.end; ++row, to += row_of_tiles) {
      context.kernels->winograd->input(x.row(image, 2 * row - 1) - x.channels, x.row_stride,
                                       tile_columns_, x.channels, to, plane(group, x.channels));
    }
  }
  return v;
}

// [place][tile][out] in the second scratch block.
const float* WinogradStep::multiply(const Context& context, const Group& group, const float* v,
                                    int in, const AlignedBuffer<float>& weights, int out) const {
  kernels::BrgemmArgs args;
  args.lda = in;
  args.ldb = panel_columns_;
  args.b_panel = ptrdiff_t{in} * panel_columns_;
  args.m = tiles(group);
  args.n = out;
  args.k = in;
  args.ldc = out;
  float* m = context.scratch->floats(group.thread, 1);
  for (int place = 0; place < kWinogradPlaces; ++place) {
    args.a = v + place * plane(group, in);
    args.b = weights.data() + place * packed_floats(in, out);
    args.c = m + place * plane(group, out);
    context.kernels->brgemm->run(args);
  }
  return m;
}

// `how`: bias, accumulate, relu.
void WinogradStep::transform_output(const Context& context, const Group& group, const float* m,
                                    const Tensor& y, const kernels::WinogradOutput& how) const {
  kernels::WinogradOutput out = how;
  out.row_stride = y.row_stride;
  out.columns = y.width;
  for (int image = group.first; image < group.first + group.images; ++image) {
    for (int row = group.rows.begin; row < group.rows.end; ++row) {
      out.y = y.row(image, 2 * row);
      out.rows = std::min(2, y.height - 2 * row);
      context.kernels->winograd->output(m, plane(group, y.channels), tile_columns_, y.channels,
                                        out);
      m += ptrdiff_t{tile_columns_} * y.channels;
    }
  }
}

void WinogradStep::forward(const Context& context) const {
  const Tensor& x = context.tensor(options_.x);
  const Tensor& y = context.tensor(options_.y);
  kernels::WinogradOutput how = {};
  how.bias = options_.fold ? folded_bias_.data() : context.parameters->data(layer_.bias);
  how.relu = options_.relu;
  for_row_bands(context, tile_rows_, [&](const ImagePiece& piece, const RowBand& rows) {
    for_groups(piece, rows, [&](const Group& group) {
      const float* v = transform_input(context, group, x);
      transform_output(context, group, multiply(context, group, v, in_, packed_, out_), y, how);
      if (!options_.statistics) return;
      for (int image = group.first; image < group.first + group.images; ++image) {
        options_.statistics->sum_image(context, y, y, image);
      }
    });
  });
}

void WinogradStep::backward(const Context& context) const {
  for_image_pieces(context, [&](const ImagePiece& piece) {
    float* partial = &partial_[piece.index * partial_floats()];
    for_groups(piece, {0, tile_rows_}, [&](const Group& group) {
      if (context.gradients) weight_gradient(context, group, partial, group.first > piece.begin);
      if (options_.grad_x >= 0) input_gradient(context, group);
    });
    if (context.gradients && layer_.bias >= 0 && options_.bias_gradient) {
      bias_gradient(context, piece, partial + kWinogradPlaces * filters_);
    }
  });
  if (context.gradients) finish_gradients(context);
}

void WinogradStep::input_gradient(const Context& context, const Group& group) const {
  kernels::WinogradOutput how = {};
  how.accumulate = options_.accumulate_grad_x;
  const float* v = transform_input(context, group, context.tensor(options_.grad_y));
  transform_output(context, group, multiply(context, group, v, out_, packed_turned_, in_),
                   context.tensor(options_.grad_x), how);
}

// Sum over tiles of (B' x B) . (A dy A'), place by place: [place][in][out].
void WinogradStep::weight_gradient(const Context& context, const Group& group, float* partial,
                                   bool accumulate) const {
  const Tensor& dy = context.tensor(options_.grad_y);
  const float* v = transform_input(context, group, context.tensor(options_.x));
  float* const z = context.scratch->floats(group.thread, 1);
  float* to = z;
  for (int image = group.first; image < group.first + group.images; ++image) {
    for (int row = group.rows.begin; row < group.rows.end; ++row) {
      context.kernels->winograd->spread(dy.row(image, 2 * row), dy.row_stride, tile_columns_, out_,
                                        to, plane(group, out_));
      to += ptrdiff_t{tile_columns_} * out_;
    }
  }
  kernels::BrgemmArgs args;
  args.a_transposed = true;
  args.lda = in_;
  args.ldb = out_;
  args.b_panel = panel_columns_;
  args.m = in_;
  args.n = out_;
  args.k = tiles(group);
  args.ldc = out_;
  args.accumulate = accumulate;
  for (int place = 0; place < kWinogradPlaces; ++place) {
    args.a = v + place * plane(group, in_);
    args.b = z + place * plane(group, out_);
    args.c = partial + place * filters_;
    context.kernels->brgemm->run(args);
  }
}

void WinogradStep::bias_gradient(const Context& context, const ImagePiece& piece,
                                 float* bias) const {
  const Tensor& dy = context.tensor(options_.grad_y);
  std::fill(bias, bias + out_, 0.0f);
  for (int image = piece.begin; image < piece.end; ++image) {
    for_runs(
        image,
        [&](const Run& run) {
          context.kernels->normalise->sums(run.at(dy), run.pixels, out_, out_, bias);
        },
        dy);
  }
}

// dw = G' (sum of the pieces) G.
void WinogradStep::finish_gradients(const Context& context) const {
  const ptrdiff_t area = filters_;
  float* dw = context.gradient(layer_.weight);
  context.pool->run(in_, [&](int in) {
    const ptrdiff_t begin = ptrdiff_t{in} * out_;
    for (int place = 0; place < kWinogradPlaces; ++place) {
      const ptrdiff_t first = place * area + begin;
      sum_pieces(context, partial_.data(), partial_floats(), first, first + out_, summed_.data());
    }
    for (ptrdiff_t c = begin; c < begin + out_; ++c) {
      float half[3][4];  // G' u
      for (int x = 0; x < 4; ++x) {
        const float u0 = summed_[x * area + c], u1 = summed_[(4 + x) * area + c];
        const float u2 = summed_[(8 + x) * area + c], u3 = summed_[(12 + x) * area + c];
        half[0][x] = u0 + 0.5f * (u1 + u2);
        half[1][x] = 0.5f * (u1 - u2);
        half[2][x] = 0.5f * (u1 + u2) + u3;
      }
      for (int y = 0; y < 3; ++y) {
        const float u0 = half[y][0], u1 = half[y][1], u2 = half[y][2], u3 = half[y][3];
        float* row = dw + 3 * y * area + c;
        row[0] = u0 + 0.5f * (u1 + u2);
        row[area] = 0.5f * (u1 - u2);
        row[2 * area] = 0.5f * (u1 + u2) + u3;
      }
    }
  });
  if (layer_.bias >= 0 && options_.bias_gradient) {
    sum_pieces(context, partial_.data() + kWinogradPlaces * area, partial_floats(), 0, out_,
               context.gradient(layer_.bias));
  }
}

}  // namespace

bool winograd_applies(const Layer& layer) {
  const auto in_steps = [](int channels) { return channels % kChannelStep == 0; };
  return layer.spec.kernel == 3 && layer.spec.stride == 1 && in_steps(layer.in.channels) &&
         in_steps(layer.out.channels) && layer.in.height == layer.out.height &&
         layer.in.width == layer.out.width && layer.out.height > 1 && layer.out.width > 1;
}

std::unique_ptr<Step> make_winograd_step(const Layer& layer, const ConvOptions& options,
                                         int max_images, const Engine& engine, TensorPlan& plan) {
  return std::make_unique<WinogradStep>(layer, options, max_images, engine, plan);
}

}  // namespace inkling

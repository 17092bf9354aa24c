#include "data/augment/augment.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "base/check.h"

namespace inkling {
namespace {

// Normalised to sum 1, cut at 3 sigma.
std::vector<float> gaussian_taps(double sigma) {
  const int radius = static_cast<int>(std::ceil(3 * sigma));
  const auto weight = [&](int t) { return std::exp(-0.5 * t * t / (sigma * sigma)); };
  double sum = 0;
  for (int t = -radius; t <= radius; ++t) sum += weight(t);
  std::vector<float> taps(2 * static_cast<size_t>(radius) + 1);
  for (size_t i = 0; i < taps.size(); ++i) {
    taps[i] = static_cast<float>(weight(static_cast<int>(i) - radius) / sum);
  }
  return taps;
}

}  // namespace

Augmenter::Augmenter(const AugmentOptions& options, const Dataset& dataset,
                     const PixelStatistics& statistics, const kernels::WarpKernels& kernels,
                     const AugmenterSetup& setup)
    : options_(options),
      dataset_(dataset),
      plain_(dataset, statistics),
      kernels_(kernels),
      seed_(setup.seed),
      changes_nothing_(changes_nothing(options)) {
  expect_augment_ranges(options);
  scale_ = static_cast<float>(1 / (255 * statistics.divisor()));
  offset_ = static_cast<float>(statistics.normalised(0));
  const size_t height = static_cast<size_t>(dataset.height),
               width = static_cast<size_t>(dataset.width);
  source_stride_ = static_cast<ptrdiff_t>(width + 3);
  const size_t quad_stride =
      (width + 2 + kernels::kQuadStride - 1) / kernels::kQuadStride * kernels::kQuadStride;
  quad_stride_ = static_cast<ptrdiff_t>(quad_stride);
  const bool bends = options.elastic_alpha > 0;
  if (bends) taps_ = gaussian_taps(options.elastic_sigma);
  if (changes_nothing_) return;
  scratch_.resize(static_cast<size_t>(setup.workers));
  for (Scratch& s : scratch_) {
    s.source = AlignedBuffer<uint8_t>((height + 3) * (width + 3) + kernels::kWarpSlack);
    s.stroked = AlignedBuffer<uint8_t>(s.source.size());
    s.quads = AlignedBuffer<uint32_t>((height + 2) * quad_stride);
    if (bends) {
      const size_t around = taps_.size() - 1;
      s.noise_x = AlignedBuffer<float>((height + around) * (width + around) + kernels::kWarpSlack);
      s.noise_y = AlignedBuffer<float>(s.noise_x.size());
      s.across = AlignedBuffer<float>((height + around) * width + kernels::kWarpSlack);
      s.dx = AlignedBuffer<float>(height * width);
      s.dy = AlignedBuffer<float>(height * width);
    }
    if (dataset.channels > 1) s.plane = AlignedBuffer<float>(height * width);
  }
}

void Augmenter::assemble(std::span<const uint32_t> indices, int epoch, int worker, float* out,
                         size_t image_stride, size_t row_stride) {
  if (changes_nothing_) return plain_.assemble(indices, out, image_stride, row_stride);
  for (size_t i = 0; i < indices.size(); ++i) {
    INKLING_CHECK(indices[i] < dataset_.size());
    const AugmentDraw draw =
        draw_augmentation(options_, dataset_.height, dataset_.width, seed_, epoch, indices[i]);
    apply(draw, dataset_.image(indices[i]), worker, out + i * image_stride, row_stride);
  }
}

void Augmenter::apply(const AugmentDraw& draw, std::span<const uint8_t> image, int worker,
                      float* out, size_t row_stride) {
  Scratch& scratch = scratch_.at(static_cast<size_t>(worker));
  const int height = dataset_.height, width = dataset_.width, channels = dataset_.channels;
  kernels::WarpArgs args{.quads = scratch.quads.data(),
                         .quad_stride = quad_stride_,
                         .src_height = height,
                         .src_width = width,
                         .map = source_map(draw, height, width),
                         .gain = static_cast<float>(draw.contrast),
                         .noise = static_cast<float>(draw.noise),
                         .noise_key = draw.noise_key,
                         .scale = scale_,
                         .offset = offset_,
                         .height = height,
                         .width = width};
  if (draw.elastic_alpha > 0) {
    bend(draw, scratch);
    args.dx = scratch.dx.data();
    args.dy = scratch.dy.data();
    args.displacement_stride = width;
    args.alpha = static_cast<float>(draw.elastic_alpha);
  }
  const bool direct = channels == 1;
  args.out = direct ? out : scratch.plane.data();
  args.row_stride = direct ? static_cast<ptrdiff_t>(row_stride) : width;
  for (int c = 0; c < channels; ++c) {
    const uint8_t* plane = load_plane(draw, image.data() + c, scratch);
    kernels_.quads(plane, source_stride_, static_cast<size_t>(height) + 2,
                   static_cast<size_t>(width) + 2, scratch.quads.data(), quad_stride_);
    args.noise_first = static_cast<uint32_t>(c) * static_cast<uint32_t>(height * width);
    kernels_.warp(args);
    if (direct) continue;
    interleave(c, scratch.plane.data(), out, row_stride);
  }
  erase(draw, out, row_stride);
}

// Fills dx and dy for an alpha of 1: noise, then the Gaussian along rows, then along columns.
void Augmenter::bend(const AugmentDraw& draw, Scratch& s) const {
  const size_t height = static_cast<size_t>(dataset_.height),
               width = static_cast<size_t>(dataset_.width);
  const size_t taps = taps_.size(), rows = height + taps - 1, columns = width + taps - 1;
  INKLING_CHECK(taps > 0);  // a draw bends only where the options do
  kernels_.uniforms(draw.elastic_key, rows * columns, s.noise_x.data(), s.noise_y.data());
  for (const bool is_x : {true, false}) {
    const float* noise = (is_x ? s.noise_x : s.noise_y).data();
    float* field = (is_x ? s.dx : s.dy).data();
    for (size_t y = 0; y < rows; ++y) {
      kernels_.filter(noise + y * columns, 1, taps_.data(), taps, width, &s.across[y * width]);
    }
    kernels_.filter(s.across.data(), static_cast<ptrdiff_t>(width), taps_.data(), taps,
                    height * width, field);
  }
}

// One channel, thickened or thinned; its pixel (-1, -1).
const uint8_t* Augmenter::load_plane(const AugmentDraw& draw, const uint8_t* pixels,
                                     Scratch& scratch) const {
  const size_t height = static_cast<size_t>(dataset_.height),
               width = static_cast<size_t>(dataset_.width),
               channels = static_cast<size_t>(dataset_.channels);
  uint8_t* first = scratch.source.data() + source_stride_ + 1;
  for (size_t y = 0; y < height; ++y) {
    uint8_t* row = first + static_cast<ptrdiff_t>(y) * source_stride_;
    const uint8_t* src = pixels + y * width * channels;
    if (channels == 1) {
      std::memcpy(row, src, width);
    } else {
      for (size_t x = 0; x < width; ++x) row[x] = src[x * channels];
    }
  }
  const int weight = static_cast<int>(std::lround(256 * draw.stroke));
  if (weight == 0) return scratch.source.data();
  kernels_.stroke(first, height, width, source_stride_, weight,
                  scratch.stroked.data() + source_stride_ + 1);
  return scratch.stroked.data();
}

void Augmenter::interleave(int channel, const float* plane, float* out, size_t row_stride) const {
  const size_t height = static_cast<size_t>(dataset_.height),
               width = static_cast<size_t>(dataset_.width),
               channels = static_cast<size_t>(dataset_.channels);
  for (size_t y = 0; y < height; ++y) {
    float* row = out + y * row_stride + channel;
    for (size_t x = 0; x < width; ++x) row[x * channels] = plane[y * width + x];
  }
}

void Augmenter::erase(const AugmentDraw& draw, float* out, size_t row_stride) const {
  const size_t channels = static_cast<size_t>(dataset_.channels);
  for (int y = draw.erase_y; y < draw.erase_y + draw.erase_height; ++y) {
    float* begin =
        out + static_cast<size_t>(y) * row_stride + static_cast<size_t>(draw.erase_x) * channels;
    std::fill_n(begin, static_cast<size_t>(draw.erase_width) * channels, offset_);
  }
}

AugmentExamples augment_examples(const AugmentOptions& options, const Dataset& dataset,
                                 uint32_t index, int count, const kernels::WarpKernels& kernels,
                                 uint64_t seed) {
  INKLING_CHECK(index < dataset.size());
  // Normalised to grey levels: (v/255 - 0) / (1/255).
  Augmenter augmenter(options, dataset, {.mean = 0, .sd = 1.0 / 255}, kernels, {.seed = seed});
  const Picture original{.width = dataset.width,
                         .height = dataset.height,
                         .channels = dataset.channels,
                         .pixels = image_in_bytes(dataset, index)};
  AugmentExamples examples{.original = original, .variants = {}};
  std::vector<float> grey(dataset.image_size());
  const size_t row = grey.size() / static_cast<size_t>(dataset.height);
  for (int epoch = 1; epoch <= count; ++epoch) {
    augmenter.assemble({&index, 1}, epoch, 0, grey.data(), grey.size(), row);
    Picture& variant = examples.variants.emplace_back(original);
    for (size_t i = 0; i < grey.size(); ++i) {
      variant.pixels[i] = nearest_byte(grey[i]);
    }
  }
  return examples;
}

}  // namespace inkling

#include "data/augment/warper.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"
#include "base/index.h"

namespace inkling {
namespace {

constexpr int kQuadStride = kernels::kQuadStride;

// Normalised to sum 1, cut at 3 sigma.
std::vector<float> gaussian_taps(double sigma) {
  const int radius = static_cast<int>(std::ceil(3 * sigma));
  std::vector<double> weights;
  double sum = 0;
  for (int t = -radius; t <= radius; ++t) {
    sum += weights.emplace_back(std::exp(-0.5 * t * t / (sigma * sigma)));
  }
  std::vector<float> taps;
  for (const double weight : weights) taps.push_back(static_cast<float>(weight / sum));
  return taps;
}

}  // namespace

Warper::Warper(const Dataset& dataset, const PixelStatistics& statistics,
               const kernels::WarpKernels& kernels, double elastic_sigma)
    : dataset_(&dataset),
      kernels_(&kernels),
      height_(dataset.height),
      width_(dataset.width),
      channels_(dataset.channels),
      scale_(static_cast<float>(1 / (255 * statistics.divisor()))),
      offset_(static_cast<float>(statistics.normalised(0))),
      source_stride_(width_ + 3),
      quad_stride_(ceil_div(width_ + 2, kQuadStride) * kQuadStride) {
  const std::ptrdiff_t pixels = std::ptrdiff_t{height_} * width_, slack = kernels::kWarpSlack;
  const std::ptrdiff_t source = (height_ + 3) * source_stride_ + slack;
  if (std::holds_alternative<std::vector<float>>(dataset.images)) {
    floats_ = AlignedBuffer<float>(source);
  } else {
    bytes_ = AlignedBuffer<uint8_t>(source);
    stroked_ = AlignedBuffer<uint8_t>(source);
    quads_ = AlignedBuffer<uint32_t>((height_ + 2) * quad_stride_);
  }
  if (channels_ > 1) plane_ = AlignedBuffer<float>(pixels);
  if (elastic_sigma <= 0) return;
  taps_ = gaussian_taps(elastic_sigma);
  const std::ptrdiff_t around = std::ssize(taps_) - 1, rows = height_ + around;
  noise_x_ = AlignedBuffer<float>(rows * (width_ + around) + slack);
  noise_y_ = AlignedBuffer<float>(rows * (width_ + around) + slack);
  across_ = AlignedBuffer<float>(rows * width_ + slack);
  dx_ = AlignedBuffer<float>(pixels);
  dy_ = AlignedBuffer<float>(pixels);
}

void Warper::warp(const AugmentDraw& draw, uint32_t index, float* out, std::ptrdiff_t row_stride) {
  INKLING_CHECK(index < dataset_->size());
  const bool direct = channels_ == 1;
  kernels::WarpArgs args{.quads = quads_.data(),
                         .quad_stride = quad_stride_,
                         .src_height = height_,
                         .src_width = width_,
                         .map = source_map(draw, height_, width_),
                         .gain = static_cast<float>(draw.contrast),
                         .noise = static_cast<float>(draw.noise),
                         .noise_key = draw.noise_key,
                         .scale = scale_,
                         .offset = offset_,
                         .height = height_,
                         .width = width_,
                         .out = direct ? out : plane_.data(),
                         .row_stride = direct ? row_stride : width_};
  if (draw.elastic_alpha > 0) {
    bend(draw.elastic_key);
    args.dx = dx_.data();
    args.dy = dy_.data();
    args.displacement_stride = width_;
    args.alpha = static_cast<float>(draw.elastic_alpha);
  }
  const auto* floats = std::get_if<std::vector<float>>(&dataset_->images);
  if (floats != nullptr) {
    INKLING_CHECK(draw.stroke == 0);
    args.plane = floats_.data();
    args.plane_stride = source_stride_;
    args.gain *= 255;
  }
  const size_t first = index * dataset_->image_size();
  for (int c = 0; c < channels_; ++c) {
    if (floats != nullptr) {
      load_channel(floats->data() + first + c, floats_.data());
    } else {
      load_channel(dataset_->bytes().data() + first + c, bytes_.data());
      kernels_->quads(stroked(draw.stroke), source_stride_, narrow<size_t>(height_ + 2),
                      narrow<size_t>(width_ + 2), quads_.data(), quad_stride_);
    }
    args.noise_first = narrow<uint32_t>(c * height_ * width_);
    kernels_->warp(args);
    if (!direct) interleave(out + c, row_stride);
  }
  erase(draw, out, row_stride);
}

// Fills dx and dy for an alpha of 1: noise, then the Gaussian along rows, then along columns.
void Warper::bend(uint32_t key) {
  INKLING_CHECK(!taps_.empty());
  const size_t taps = taps_.size();
  const size_t height = narrow<size_t>(height_), width = narrow<size_t>(width_);
  const size_t rows = height + taps - 1, columns = width + taps - 1;
  kernels_->uniforms(key, rows * columns, noise_x_.data(), noise_y_.data());
  for (const bool is_x : {true, false}) {
    const float* noise = (is_x ? noise_x_ : noise_y_).data();
    for (size_t y = 0; y < rows; ++y) {
      kernels_->filter(noise + y * columns, 1, taps_.data(), taps, width, &across_[y * width]);
    }
    kernels_->filter(across_.data(), width_, taps_.data(), taps, height * width,
                     (is_x ? dx_ : dy_).data());
  }
}

// The bytes thickened or thinned; their pixel (-1, -1).
const uint8_t* Warper::stroked(double stroke) {
  const int weight = narrow<int>(std::lround(256 * stroke));
  if (weight == 0) return bytes_.data();
  const std::ptrdiff_t first = source_stride_ + 1;
  kernels_->stroke(bytes_.data() + first, narrow<size_t>(height_), narrow<size_t>(width_),
                   source_stride_, weight, stroked_.data() + first);
  return stroked_.data();
}

// image: the first value of the channel, the next ones `channels` apart.
template <typename Pixel>
void Warper::load_channel(const Pixel* image, Pixel* plane) const {
  for (int y = 0; y < height_; ++y, image += width_ * channels_) {
    Pixel* row = plane + (y + 1) * source_stride_ + 1;
    if (channels_ == 1) {
      std::copy_n(image, width_, row);
    } else {
      for (int x = 0; x < width_; ++x) row[x] = image[x * channels_];
    }
  }
}

// out: the first value of the channel in the plane.
void Warper::interleave(float* out, std::ptrdiff_t row_stride) const {
  const float* from = plane_.data();
  for (int y = 0; y < height_; ++y, out += row_stride) {
    for (int x = 0; x < width_; ++x) out[x * channels_] = *from++;
  }
}

void Warper::erase(const AugmentDraw& draw, float* out, std::ptrdiff_t row_stride) const {
  for (int y = draw.erase_y; y < draw.erase_y + draw.erase_height; ++y) {
    std::fill_n(out + y * row_stride + draw.erase_x * channels_, draw.erase_width * channels_,
                offset_);
  }
}

}  // namespace inkling

#include "data/scale.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

#include "base/check.h"
#include "base/index.h"

namespace inkling {
namespace {

// Each sample of the result is a weighted sum of neighbours, weights adding up to 1.
struct Taps {
  struct One {
    int first = 0, weight = 0, count = 0;  // source sample, index of its weight, how many
  };
  std::vector<One> samples;
  std::vector<float> weights;
};

Taps taps_of(int from, int to) {
  Taps taps;
  taps.samples.reserve(narrow<size_t>(to));
  taps.weights.reserve(narrow<size_t>(std::max(from, to) + 2 * to));
  const double step = 1.0 * from / to;  // source pixels a result's pixel
  for (int i = 0; i < to; ++i) {
    Taps::One one{.first = 0, .weight = count_of(taps.weights), .count = 0};
    if (step > 1) {
      const double begin = i * step, end = std::min<double>(begin + step, from);
      one.first = static_cast<int>(begin);
      for (int pixel = one.first; pixel < end; ++pixel) {
        const double covered = std::min<double>(end, pixel + 1) - std::max<double>(begin, pixel);
        taps.weights.push_back(static_cast<float>(covered / (end - begin)));
      }
    } else {
      const double centre = std::clamp((i + 0.5) * step - 0.5, 0.0, from - 1.0);
      one.first = std::min(static_cast<int>(centre), std::max(0, from - 2));
      const auto second = static_cast<float>(centre - one.first);
      taps.weights.push_back(1 - second);
      if (second > 0) taps.weights.push_back(second);
    }
    one.count = count_of(taps.weights) - one.weight;
    taps.samples.push_back(one);
  }
  return taps;
}

// out = the taps' weighted sum of these rows of n samples.
template <typename Row>
void sum_rows(const Taps& taps, const Taps::One& one, int n, float* out, const Row& row) {
  std::fill_n(out, n, 0.0f);
  for (int tap = 0; tap < one.count; ++tap) {
    const float weight = at(taps.weights, one.weight + tap);
    const uint8_t* in = row(one.first + tap);
    for (int i = 0; i < n; ++i) out[i] += weight * static_cast<float>(in[i]);
  }
}

// out: [taps.samples, channels], the weighted sums along a row of pixels.
template <size_t channels>
void sum_pixels(const Taps& taps, const float* row, uint8_t* out) {
  for (const Taps::One& one : taps.samples) {
    const float* weight = taps.weights.data() + one.weight;
    const float* in = row + one.first * std::ptrdiff_t{channels};
    std::array<float, channels> sums{};
    for (int tap = 0; tap < one.count; ++tap) {
      for (float& sum : sums) sum += weight[tap] * *in++;
    }
    for (const float sum : sums) *out++ = static_cast<uint8_t>(sum + 0.5f);
  }
}

}  // namespace

Picture scaled(const Picture& picture, int height, int width) {
  INKLING_CHECK(height > 0 && width > 0);
  INKLING_CHECK(picture.channels == 1 || picture.channels == 3);
  Picture result = {.width = width,
                    .height = height,
                    .channels = picture.channels,
                    .had_alpha = picture.had_alpha,
                    .pixels = {}};
  const std::ptrdiff_t in_row = std::ptrdiff_t{picture.width} * picture.channels,
                       out_row = std::ptrdiff_t{width} * picture.channels;
  result.pixels.resize(narrow<size_t>(height * out_row));
  const Taps down = taps_of(picture.height, height), across = taps_of(picture.width, width);
  std::vector<float> sums(narrow<size_t>(in_row));
  uint8_t* out = result.pixels.data();
  for (const Taps::One& one : down.samples) {
    sum_rows(down, one, narrow<int>(in_row), sums.data(),
             [&](int y) { return picture.pixels.data() + y * in_row; });
    if (picture.channels == 1) {
      sum_pixels<1>(across, sums.data(), out);
    } else {
      sum_pixels<3>(across, sums.data(), out);
    }
    out += out_row;
  }
  return result;
}

}  // namespace inkling

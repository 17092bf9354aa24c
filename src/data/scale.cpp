#include "data/scale.h"

#include <algorithm>
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

// in: [outer, from, inner] -> [outer, to, inner].
template <typename Sample>
std::vector<float> resampled(const std::vector<Sample>& in, int outer, int from, int to,
                             int inner) {
  if (from == to) return {in.begin(), in.end()};
  const Taps taps = taps_of(from, to);
  std::vector<float> out(narrow<size_t>(std::ptrdiff_t{outer} * to * inner));
  float* sample = out.data();
  for (int o = 0; o < outer; ++o) {
    for (const Taps::One& one : taps.samples) {
      const Sample* source = in.data() + (std::ptrdiff_t{o} * from + one.first) * inner;
      for (int tap = 0; tap < one.count; ++tap) {
        const float weight = at(taps.weights, one.weight + tap);
        for (int i = 0; i < inner; ++i) sample[i] += weight * static_cast<float>(source[i]);
        source += inner;
      }
      sample += inner;
    }
  }
  return out;
}

}  // namespace

Picture scaled(const Picture& picture, int height, int width) {
  INKLING_CHECK(height > 0 && width > 0);
  std::vector<float> samples =
      resampled(picture.pixels, 1, picture.height, height, picture.width * picture.channels);
  samples = resampled(samples, height, picture.width, width, picture.channels);
  Picture result = {.width = width,
                    .height = height,
                    .channels = picture.channels,
                    .had_alpha = picture.had_alpha,
                    .pixels = {}};
  result.pixels.reserve(samples.size());
  for (const float sample : samples) result.pixels.push_back(static_cast<uint8_t>(sample + 0.5f));
  return result;
}

}  // namespace inkling

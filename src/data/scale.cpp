#include "data/scale.h"

#include <algorithm>
#include <vector>

#include "base/check.h"

namespace inkling {
namespace {

// One sample of the result: a weighted sum of neighbours, weights adding up to 1.
struct Taps {
  int first = 0;
  std::vector<float> weights;
};

std::vector<Taps> taps_of(int from, int to) {
  std::vector<Taps> all(static_cast<size_t>(to));
  const double step = static_cast<double>(from) / to;  // source pixels a result's pixel
  for (int i = 0; i < to; ++i) {
    Taps& taps = all[static_cast<size_t>(i)];
    if (step > 1) {
      const double begin = i * step, end = std::min<double>(begin + step, from);
      taps.first = static_cast<int>(begin);
      for (int at = taps.first; at < end; ++at) {
        const double covered = std::min<double>(end, at + 1) - std::max<double>(begin, at);
        taps.weights.push_back(static_cast<float>(covered / (end - begin)));
      }
    } else {
      const double centre = std::clamp((i + 0.5) * step - 0.5, 0.0, from - 1.0);
      taps.first = std::min(static_cast<int>(centre), std::max(0, from - 2));
      const auto second = static_cast<float>(centre - taps.first);
      taps.weights = {1 - second};
      if (second > 0) taps.weights.push_back(second);
    }
  }
  return all;
}

// in: [outer, from, inner] -> [outer, to, inner].
std::vector<float> resampled(const std::vector<float>& in, size_t outer, int from, int to,
                             size_t inner) {
  if (from == to) return in;
  const std::vector<Taps> taps = taps_of(from, to);
  std::vector<float> out(outer * static_cast<size_t>(to) * inner, 0.0f);
  float* sample = out.data();
  for (size_t o = 0; o < outer; ++o) {
    for (const Taps& one : taps) {
      const size_t first = o * static_cast<size_t>(from) + static_cast<size_t>(one.first);
      for (size_t t = 0; t < one.weights.size(); ++t) {
        const float* source = in.data() + (first + t) * inner;
        for (size_t i = 0; i < inner; ++i) sample[i] += one.weights[t] * source[i];
      }
      sample += inner;
    }
  }
  return out;
}

}  // namespace

Picture scaled(const Picture& picture, int height, int width) {
  INKLING_CHECK(height > 0 && width > 0);
  const auto channels = static_cast<size_t>(picture.channels);
  std::vector<float> samples(picture.pixels.begin(), picture.pixels.end());
  samples =
      resampled(samples, 1, picture.height, height, static_cast<size_t>(picture.width) * channels);
  samples = resampled(samples, static_cast<size_t>(height), picture.width, width, channels);
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

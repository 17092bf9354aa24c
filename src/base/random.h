// Random numbers that are the same everywhere: integer arithmetic only up to the last conversion,
// no standard-library distribution. A stream is named by (seed, stream, index), so that the images
// of an epoch or the elements of a layer can be drawn in any order, on any number of threads.
//
//   Random random(seed, kShuffleStream, epoch);
//   size_t i = random.below(n);
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <span>
#include <utility>

namespace inkling {

// SplitMix64's finaliser (Steele, Lea and Flood 2014): a bijection that scatters every bit.
constexpr uint64_t mix_bits(uint64_t x) {
  x += 0x9e3779b97f4a7c15ULL;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

// The upper half of a product of 128 bits, of which the lower is a * b itself. In 32-bit steps: not
// every machine has integers that wide.
constexpr uint64_t multiply_high(uint64_t a, uint64_t b) {
  constexpr uint64_t kLow = 0xffffffff;
  const uint64_t low = (a & kLow) * (b & kLow);
  const uint64_t first = (a >> 32) * (b & kLow) + (low >> 32);
  const uint64_t second = (a & kLow) * (b >> 32) + (first & kLow);
  return (a >> 32) * (b >> 32) + (first >> 32) + (second >> 32);
}

// xoshiro256** 1.0 (Blackman and Vigna 2018), state filled by SplitMix64.
class Random {
 public:
  explicit Random(uint64_t seed, uint64_t stream = 0, uint64_t index = 0) {
    uint64_t x = mix_bits(mix_bits(mix_bits(seed) ^ stream) ^ index);
    for (uint64_t& word : state_) word = x = mix_bits(x);
  }

  uint64_t bits() {
    const uint64_t result = rotate(state_[1] * 5, 7) * 9;
    const uint64_t t = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= t;
    state_[3] = rotate(state_[3], 45);
    return result;
  }

  // Uniform in [0, 1), 53 bits.
  double uniform() { return static_cast<double>(bits() >> 11) * 0x1.0p-53; }
  double uniform(double low, double high) { return low + (high - low) * uniform(); }

  // Standard normal by Box and Muller; two uniforms a call, nothing kept between calls.
  double normal() {
    const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
    return radius * std::cos(2.0 * std::numbers::pi * uniform());
  }

  // Uniform in [0, bound), without bias (Lemire 2019). bound >= 1.
  uint64_t below(uint64_t bound) {
    for (;;) {
      const uint64_t drawn = bits(), low = drawn * bound;
      if (low >= bound || low >= -bound % bound) return multiply_high(drawn, bound);
    }
  }

  // Fisher and Yates.
  template <typename T>
  void shuffle(std::span<T> items) {
    for (size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[below(i)]);
  }

 private:
  static constexpr uint64_t rotate(uint64_t x, int k) { return (x << k) | (x >> (64 - k)); }
  uint64_t state_[4];
};

}  // namespace inkling

#include "data/pixel_statistics.h"

#include <array>
#include <cmath>
#include <numeric>
#include <vector>

#include "base/check.h"

namespace inkling {

PixelStatistics pixel_statistics(const Dataset& dataset, std::span<const uint32_t> indices) {
  INKLING_CHECK(!indices.empty());
  std::array<uint64_t, 256> histogram{};
  for (uint32_t index : indices) {
    INKLING_CHECK(index < dataset.size());
    for (uint8_t value : dataset.image(index)) ++histogram[value];
  }
  uint64_t count = 0, sum = 0, sum_of_squares = 0;  // 2^64 holds 2^48 pixels' squares
  for (uint64_t v = 0; v < 256; ++v) {
    count += histogram[v];
    sum += histogram[v] * v;
    sum_of_squares += histogram[v] * v * v;
  }
  INKLING_CHECK(count > 0);
  // n·Σv² − (Σv)² in 128 bits: no cancellation.
  using Wide = unsigned __int128;
  const Wide scaled_variance = Wide{count} * sum_of_squares - Wide{sum} * sum;
  const auto n = static_cast<double>(count);
  return {.mean = static_cast<double>(sum) / n / 255,
          .sd = std::sqrt(static_cast<double>(scaled_variance)) / n / 255};
}

PixelStatistics pixel_statistics(const Dataset& dataset) {
  std::vector<uint32_t> all(dataset.size());
  std::iota(all.begin(), all.end(), uint32_t{0});
  return pixel_statistics(dataset, all);
}

}  // namespace inkling

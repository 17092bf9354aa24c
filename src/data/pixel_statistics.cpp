#include "data/pixel_statistics.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "base/check.h"

namespace inkling {
namespace {

// Pixels whose squares' sum 32 bits hold, so that the compiler adds many at a time.
constexpr size_t kBlock = size_t{1} << 16;

}  // namespace

PixelStatistics pixel_statistics(const Dataset& dataset, std::span<const uint32_t> indices) {
  INKLING_CHECK(!indices.empty());
  uint64_t count = 0, sum = 0, sum_of_squares = 0;  // 2^64 holds 2^48 pixels' squares
  for (uint32_t index : indices) {
    INKLING_CHECK(index < dataset.size());
    std::span<const uint8_t> rest = dataset.image(index);
    count += rest.size();
    while (!rest.empty()) {
      const auto block = rest.first(std::min(rest.size(), kBlock));
      rest = rest.subspan(block.size());
      uint32_t block_sum = 0, block_squares = 0;
      for (const uint8_t value : block) {
        block_sum += value;
        block_squares += uint32_t{value} * value;
      }
      sum += block_sum;
      sum_of_squares += block_squares;
    }
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

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

// a b - c d rounded once. The caller owes integers of at most 2^53 whose products are below 2^105:
// each product is then a double and its error, both exact, and so is what the difference of the
// products loses.
double difference_of_products(double a, double b, double c, double d) {
  const double ab = a * b, cd = c * d;
  const double ab_error = std::fma(a, b, -ab), cd_error = std::fma(c, d, -cd);
  const double difference = ab - cd, back = difference + cd;
  const double error = (ab - back) - (cd - (back - difference));  // Knuth's two-sum
  return difference + (error + (ab_error - cd_error));
}

PixelStatistics statistics_of_bytes(const Dataset& dataset, std::span<const uint32_t> indices) {
  uint64_t count = 0, sum = 0, sum_of_squares = 0;
  for (const uint32_t index : indices) {
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
  INKLING_CHECK(count > 0 && sum_of_squares < uint64_t{1} << 53);  // 2^37 pixels at least
  const auto n = static_cast<double>(count), total = static_cast<double>(sum);
  const auto squares = static_cast<double>(sum_of_squares);
  return {.mean = total / n / 255,
          .sd = std::sqrt(difference_of_products(n, squares, total, total)) / n / 255};
}

PixelStatistics statistics_of_floats(const Dataset& dataset, const std::vector<float>& pixels,
                                     std::span<const uint32_t> indices) {
  const auto sum_of = [&](const auto& term) {
    double sum = 0;
    for (const uint32_t index : indices) {
      const size_t size = dataset.image_size();
      for (const float grey : std::span(pixels).subspan(index * size, size)) sum += term(grey);
    }
    return sum;
  };
  const auto n = static_cast<double>(indices.size() * dataset.image_size());
  const double mean = sum_of([](double grey) { return grey; }) / n;
  const double squares = sum_of([&](double grey) { return (grey - mean) * (grey - mean); });
  return {.mean = mean, .sd = std::sqrt(squares / n)};
}

}  // namespace

PixelStatistics pixel_statistics(const Dataset& dataset, std::span<const uint32_t> indices) {
  INKLING_CHECK(!indices.empty());
  for (const uint32_t index : indices) INKLING_CHECK(index < dataset.size());
  if (const auto* floats = std::get_if<std::vector<float>>(&dataset.images)) {
    return statistics_of_floats(dataset, *floats, indices);
  }
  return statistics_of_bytes(dataset, indices);
}

PixelStatistics pixel_statistics(const Dataset& dataset) {
  std::vector<uint32_t> all(dataset.size());
  std::iota(all.begin(), all.end(), uint32_t{0});
  return pixel_statistics(dataset, all);
}

}  // namespace inkling

#include "data/batches.h"

#include <cmath>

#include "base/check.h"
#include "base/index.h"
#include "base/random.h"

namespace inkling {
namespace {

constexpr uint64_t kShuffleStream = 0x73687566666c65;  // "shuffle"

}  // namespace

std::array<float, 256> normalisation_table(const PixelStatistics& statistics) {
  std::array<float, 256> table{};
  for (int v = 0; v < 256; ++v) {
    at(table, v) = static_cast<float>(statistics.normalised(v / 255.0));
  }
  return table;
}

float normalised(float grey, const PixelStatistics& statistics) {
  constexpr double kFractions = 16384;
  const double level = std::nearbyint(grey * (255 * kFractions)) / kFractions;
  return static_cast<float>(statistics.normalised(level / 255));
}

BatchAssembler::BatchAssembler(const Dataset& dataset, const PixelStatistics& statistics)
    : dataset_(dataset), statistics_(statistics), table_(normalisation_table(statistics)) {}

void BatchAssembler::assemble(std::span<const uint32_t> indices, float* out,
                              std::ptrdiff_t image_stride, std::ptrdiff_t row_stride) const {
  const size_t images = dataset_.size(), image_size = dataset_.image_size();
  const std::ptrdiff_t row = std::ptrdiff_t{dataset_.width} * dataset_.channels;
  const auto assemble = [&](const auto& pixels, const auto& normalise) {
    for (const uint32_t index : indices) {
      INKLING_CHECK(index < images);
      const auto* src = pixels.data() + index * image_size;
      float* dst = out;
      for (int y = 0; y < dataset_.height; ++y, src += row, dst += row_stride) {
        for (std::ptrdiff_t x = 0; x < row; ++x) dst[x] = normalise(src[x]);
      }
      out += image_stride;
    }
  };
  if (const auto* floats = std::get_if<std::vector<float>>(&dataset_.images)) {
    assemble(*floats, [&](float grey) { return normalised(grey, statistics_); });
  } else {
    assemble(dataset_.bytes(), [&](uint8_t level) { return table_[level]; });
  }
}

void BatchAssembler::assemble(std::span<const uint32_t> indices, float* out) const {
  const std::ptrdiff_t row = std::ptrdiff_t{dataset_.width} * dataset_.channels;
  assemble(indices, out, row * dataset_.height, row);
}

void BatchAssembler::gather_labels(std::span<const uint32_t> indices, uint8_t* out) const {
  for (const uint32_t index : indices) {
    INKLING_CHECK(index < dataset_.labels.size());
    *out++ = dataset_.labels[index];
  }
}

std::vector<uint32_t> epoch_order(std::span<const uint32_t> indices, uint64_t seed, int epoch) {
  std::vector<uint32_t> order(indices.begin(), indices.end());
  Random(seed, kShuffleStream, narrow<uint64_t>(epoch)).shuffle(std::span(order));
  return order;
}

}  // namespace inkling

#include "data/batches.h"

#include "base/check.h"
#include "base/random.h"

namespace inkling {
namespace {

constexpr uint64_t kShuffleStream = 0x73687566666c65;  // "shuffle"

}  // namespace

std::array<float, 256> normalisation_table(const PixelStatistics& statistics) {
  std::array<float, 256> table{};
  for (size_t v = 0; v < table.size(); ++v) {
    table[v] = static_cast<float>(statistics.normalised(static_cast<double>(v) / 255));
  }
  return table;
}

BatchAssembler::BatchAssembler(const Dataset& dataset, const PixelStatistics& statistics)
    : dataset_(dataset), table_(normalisation_table(statistics)) {}

void BatchAssembler::assemble(std::span<const uint32_t> indices, float* out, size_t image_stride,
                              size_t row_stride) const {
  const size_t height = static_cast<size_t>(dataset_.height);
  const size_t row = static_cast<size_t>(dataset_.width) * static_cast<size_t>(dataset_.channels);
  for (size_t i = 0; i < indices.size(); ++i) {
    INKLING_CHECK(indices[i] < dataset_.size());
    const uint8_t* src = dataset_.image(indices[i]).data();
    for (size_t y = 0; y < height; ++y) {
      float* dst = out + i * image_stride + y * row_stride;
      for (size_t x = 0; x < row; ++x) dst[x] = table_[src[y * row + x]];
    }
  }
}

void BatchAssembler::assemble(std::span<const uint32_t> indices, float* out) const {
  const size_t row = static_cast<size_t>(dataset_.width) * static_cast<size_t>(dataset_.channels);
  assemble(indices, out, dataset_.image_bytes(), row);
}

void BatchAssembler::gather_labels(std::span<const uint32_t> indices, uint8_t* out) const {
  for (size_t i = 0; i < indices.size(); ++i) {
    INKLING_CHECK(indices[i] < dataset_.size());
    out[i] = dataset_.labels[indices[i]];
  }
}

std::vector<uint32_t> epoch_order(std::span<const uint32_t> indices, uint64_t seed, int epoch) {
  std::vector<uint32_t> order(indices.begin(), indices.end());
  Random(seed, kShuffleStream, static_cast<uint64_t>(epoch)).shuffle(std::span(order));
  return order;
}

}  // namespace inkling

#include "data/quality/signature.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>

#include "base/check.h"

namespace inkling {

uint8_t background_of(std::span<const Dataset* const> sets) {
  std::array<uint64_t, 256> histogram{};
  uint64_t total = 0;
  for (const Dataset* set : sets) {
    const size_t height = static_cast<size_t>(set->height);
    const size_t row = set->image_size() / height;
    const size_t pixel = static_cast<size_t>(set->channels);
    for (size_t i = 0; i < set->size(); ++i) {
      const std::span<const uint8_t> image = set->image(i);
      for (size_t y = 0; y < height; ++y) {
        const bool whole = y == 0 || y + 1 == height;
        const size_t step = whole || row <= pixel ? pixel : row - pixel;
        for (size_t x = 0; x < row; x += step) {
          for (size_t c = 0; c < pixel; ++c) ++histogram[image[y * row + x + c]];
          total += pixel;
        }
      }
    }
  }
  uint64_t below = 0;
  for (size_t v = 0; v < histogram.size(); ++v) {
    below += histogram[v];
    if (2 * below >= total) return static_cast<uint8_t>(v);
  }
  return 0;
}

SignatureGrid::SignatureGrid(const Dataset& dataset) {
  const int down = std::min(kSide, dataset.height), across = std::min(kSide, dataset.width);
  cells_ = static_cast<size_t>(down) * static_cast<size_t>(across);
  std::vector<int> pixels(cells_);
  for (int y = 0; y < dataset.height; ++y) {
    for (int x = 0; x < dataset.width; ++x) {
      const int cell = y * down / dataset.height * across + x * across / dataset.width;
      cell_of_.insert(cell_of_.end(), static_cast<size_t>(dataset.channels),
                      static_cast<uint16_t>(cell));
      pixels[static_cast<size_t>(cell)] += dataset.channels;
    }
  }
  for (const int n : pixels) scale_.push_back(1 / (255 * std::sqrt(static_cast<float>(n))));
}

void SignatureGrid::compute(std::span<const uint8_t> image, uint8_t background, float* out) const {
  INKLING_CHECK(image.size() == cell_of_.size());
  std::array<uint32_t, kSide * kSide> sums{};
  for (size_t p = 0; p < image.size(); ++p) {
    sums[cell_of_[p]] += static_cast<uint32_t>(std::abs(int{image[p]} - int{background}));
  }
  for (size_t c = 0; c < cells_; ++c) out[c] = static_cast<float>(sums[c]) * scale_[c];
}

std::vector<float> signatures_of(const Dataset& set, uint8_t background) {
  const SignatureGrid grid(set);
  std::vector<float> signatures(set.size() * grid.size());
  for (size_t i = 0; i < set.size(); ++i) {
    grid.compute(set.image(i), background, signatures.data() + i * grid.size());
  }
  return signatures;
}

}  // namespace inkling

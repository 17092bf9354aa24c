#include "data/quality/signature.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <numeric>

#include "base/check.h"
#include "base/index.h"

namespace inkling {

uint8_t background_of(std::span<const Dataset* const> sets) {
  std::array<uint64_t, 256> histogram{};
  for (const Dataset* set : sets) {
    const int pixel = set->channels, row = set->width * pixel;
    for (size_t i = 0; i < set->size(); ++i) {
      const uint8_t* sample = set->image(i).data();
      for (int y = 0; y < set->height; ++y, sample += row) {
        const bool whole = y == 0 || y + 1 == set->height;
        const int step = whole || row <= pixel ? pixel : row - pixel;
        for (int x = 0; x < row; x += step) {
          for (int c = 0; c < pixel; ++c) ++histogram[sample[x + c]];
        }
      }
    }
  }
  const uint64_t total = std::accumulate(histogram.begin(), histogram.end(), uint64_t{0});
  uint64_t below = 0;
  uint8_t median = 0;
  while (2 * (below += histogram[median]) < total) ++median;
  return median;
}

SignatureGrid::SignatureGrid(const Dataset& dataset) {
  const int down = std::min(kSide, dataset.height), across = std::min(kSide, dataset.width);
  std::vector<int> pixels(narrow<size_t>(down * across));
  for (int y = 0; y < dataset.height; ++y) {
    for (int x = 0; x < dataset.width; ++x) {
      const int cell = y * down / dataset.height * across + x * across / dataset.width;
      for (int c = 0; c < dataset.channels; ++c) cell_of_.push_back(narrow<uint16_t>(cell));
      at(pixels, cell) += dataset.channels;
    }
  }
  for (const int n : pixels) scale_.push_back(1 / (255 * std::sqrt(static_cast<float>(n))));
}

void SignatureGrid::compute(std::span<const uint8_t> image, uint8_t background, float* out) const {
  INKLING_CHECK(image.size() == cell_of_.size());
  std::array<int, kSide * kSide> sums{};
  for (size_t p = 0; p < image.size(); ++p) {
    sums[cell_of_[p]] += std::abs(image[p] - background);
  }
  for (size_t c = 0; c < size(); ++c) out[c] = static_cast<float>(sums[c]) * scale_[c];
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

#include "data/dataset.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"
#include "base/error.h"
#include "base/index.h"

namespace inkling {
namespace {

[[noreturn]] void refuse_floats(const Dataset& dataset) {
  throw input_error("{}: expected images whose pixels are bytes, found floats", dataset.name);
}

}  // namespace

size_t Dataset::size() const {
  const size_t one = image_size();
  return one == 0 ? 0 : std::visit([](const auto& pixels) { return pixels.size(); }, images) / one;
}

size_t Dataset::image_size() const {
  return narrow<size_t>(std::ptrdiff_t{height} * width * channels);
}

const std::vector<uint8_t>& Dataset::bytes() const {
  const auto* bytes = std::get_if<std::vector<uint8_t>>(&images);
  if (bytes == nullptr) refuse_floats(*this);
  return *bytes;
}

std::vector<uint8_t>& Dataset::bytes() {
  auto* bytes = std::get_if<std::vector<uint8_t>>(&images);
  if (bytes == nullptr) refuse_floats(*this);
  return *bytes;
}

std::span<const uint8_t> Dataset::image(size_t index) const {
  return std::span(bytes()).subspan(index * image_size(), image_size());
}

void expect_labels(const Dataset& dataset) {
  if (dataset.size() > 0 && dataset.labels.empty()) {
    throw input_error("{}: expected labelled images, found no labels", dataset.name);
  }
  INKLING_CHECK(dataset.labels.size() == dataset.size());
}

uint8_t nearest_byte(float level) {
  return narrow<uint8_t>(std::lround(std::clamp(level, 0.0F, 255.0F)));
}

std::vector<uint8_t> image_in_bytes(const Dataset& dataset, size_t index) {
  const size_t n = dataset.image_size();
  const auto* floats = std::get_if<std::vector<float>>(&dataset.images);
  if (floats == nullptr) {
    const std::span<const uint8_t> image = dataset.image(index);
    return {image.begin(), image.end()};
  }
  std::vector<uint8_t> bytes;
  bytes.reserve(n);
  for (const float grey : std::span(*floats).subspan(index * n, n)) {
    bytes.push_back(nearest_byte(255 * grey));
  }
  return bytes;
}

}  // namespace inkling

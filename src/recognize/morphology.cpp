#include "recognize/morphology.h"

#include <algorithm>

#include "base/index.h"

namespace inkling {
namespace {

// [height, width] -> [width, height], in blocks that stay in the cache.
BytePlane transposed(const BytePlane& plane) {
  constexpr int kBlock = 32;
  BytePlane out{.height = plane.width, .width = plane.height, .values = {}};
  out.values.resize(plane.values.size());
  for (int y0 = 0; y0 < plane.height; y0 += kBlock) {
    for (int x0 = 0; x0 < plane.width; x0 += kBlock) {
      for (int y = y0; y < std::min(y0 + kBlock, plane.height); ++y) {
        for (int x = x0; x < std::min(x0 + kBlock, plane.width); ++x) {
          out.values.data()[x * plane.height + y] = plane.values.data()[y * plane.width + x];
        }
      }
    }
  }
  return out;
}

// Along columns, a whole row at a time: out[y] = pick over rows y - reach … y + reach. Prefixes and
// suffixes of blocks as long as the window are enough for each.
template <typename Pick>
BytePlane along_columns(const BytePlane& plane, int reach, uint8_t neutral, Pick pick) {
  const int window = 2 * reach + 1, width = plane.width, height = plane.height;
  const int padded = ceil_div(height + 2 * reach, window) * window;
  std::vector<uint8_t> prefix(narrow<size_t>(padded * width), neutral), suffix = prefix;
  const auto source = [&](int row) { return plane.values.data() + (row - reach) * width; };
  const auto inside = [&](int row) { return row >= reach && row < reach + height; };
  for (int row = 0; row < padded; ++row) {
    uint8_t* out = prefix.data() + row * width;
    if (inside(row)) std::copy_n(source(row), width, out);
    if (row % window == 0) continue;
    for (int x = 0; x < width; ++x) out[x] = pick(out[x], out[x - width]);
  }
  for (int row = padded - 1; row >= 0; --row) {
    uint8_t* out = suffix.data() + row * width;
    if (inside(row)) std::copy_n(source(row), width, out);
    if (row % window == window - 1) continue;
    for (int x = 0; x < width; ++x) out[x] = pick(out[x], out[x + width]);
  }
  BytePlane out{.height = height, .width = width, .values = {}};
  out.values.resize(plane.values.size());
  for (int y = 0; y < height; ++y) {
    const uint8_t* first = suffix.data() + y * width;
    const uint8_t* last = prefix.data() + (y + window - 1) * width;
    for (int x = 0; x < width; ++x) out.values.data()[y * width + x] = pick(first[x], last[x]);
  }
  return out;
}

template <typename Pick>
BytePlane along_both(const BytePlane& plane, int reach, uint8_t neutral, Pick pick) {
  if (reach <= 0) return plane;
  const BytePlane down = along_columns(plane, reach, neutral, pick);
  return transposed(along_columns(transposed(down), reach, neutral, pick));
}

// Along columns, edges cut: a running sum for every column.
BytePlane mean_along_columns(const BytePlane& plane, int reach) {
  const int width = plane.width, height = plane.height;
  BytePlane out{.height = height, .width = width, .values = {}};
  out.values.resize(plane.values.size());
  std::vector<int> sums(narrow<size_t>(width));
  const auto add = [&](int row, int sign) {
    const uint8_t* in = plane.values.data() + row * width;
    for (int x = 0; x < width; ++x) sums.data()[x] += sign * in[x];
  };
  for (int y = 0; y < std::min(reach, height); ++y) add(y, 1);
  for (int y = 0; y < height; ++y) {
    if (y + reach < height) add(y + reach, 1);
    if (y - reach - 1 >= 0) add(y - reach - 1, -1);
    const int count = std::min(y + reach, height - 1) - std::max(y - reach, 0) + 1;
    uint8_t* row = out.values.data() + y * width;
    for (int x = 0; x < width; ++x) {
      row[x] = narrow<uint8_t>((sums.data()[x] + count / 2) / count);
    }
  }
  return out;
}

}  // namespace

BytePlane eroded(const BytePlane& plane, int reach) {
  return along_both(plane, reach, 255, [](uint8_t a, uint8_t b) { return std::min(a, b); });
}

BytePlane dilated(const BytePlane& plane, int reach) {
  return along_both(plane, reach, 0, [](uint8_t a, uint8_t b) { return std::max(a, b); });
}

BytePlane box_mean(const BytePlane& plane, int reach) {
  if (reach <= 0) return plane;
  return transposed(mean_along_columns(transposed(mean_along_columns(plane, reach)), reach));
}

}  // namespace inkling

#include "recognize/morphology.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "base/index.h"

namespace inkling {
namespace {

// 8x8 bytes from rows `in_stride` apart to rows `out_stride` apart: halves of a word change places
// with those of the word four, two and one rows on (Warren, Hacker's Delight, 7-3).
void transpose_8x8(const uint8_t* in, int in_stride, uint8_t* out, int out_stride) {
  std::array<uint64_t, 8> rows;
  for (int i = 0; i < 8; ++i) std::memcpy(&at(rows, i), in + i * in_stride, 8);
  const auto swap = [&](int apart, uint64_t low) {
    const int bits = 8 * apart;
    for (int i = 0; i < 8; ++i) {
      if (i & apart) continue;
      uint64_t &upper = at(rows, i), &lower = at(rows, i + apart);
      const uint64_t moved = ((upper >> bits) ^ lower) & low;
      lower ^= moved;
      upper ^= moved << bits;
    }
  };
  swap(4, 0x00000000ffffffff);
  swap(2, 0x0000ffff0000ffff);
  swap(1, 0x00ff00ff00ff00ff);
  for (int i = 0; i < 8; ++i) std::memcpy(out + i * out_stride, &at(rows, i), 8);
}

// [height, width] -> [width, height].
BytePlane transposed(const BytePlane& plane) {
  const int width = plane.width, height = plane.height;
  BytePlane out{.height = width, .width = height, .values = {}};
  out.values.resize(plane.values.size());
  const uint8_t* in = plane.values.data();
  for (int y0 = 0; y0 < height; y0 += 8) {
    for (int x0 = 0; x0 < width; x0 += 8) {
      if (std::endian::native == std::endian::little && y0 + 8 <= height && x0 + 8 <= width) {
        transpose_8x8(in + y0 * width + x0, width, out.values.data() + x0 * height + y0, height);
        continue;
      }
      for (int y = y0; y < std::min(y0 + 8, height); ++y) {
        for (int x = x0; x < std::min(x0 + 8, width); ++x) {
          out.values.data()[x * height + y] = in[y * width + x];
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
    // Division by a product: exact, since sum and count are below 2^20 and 2^12.
    const uint64_t inverse =
        ((uint64_t{1} << 32) + narrow<uint64_t>(count) - 1) / narrow<uint64_t>(count);
    uint8_t* row = out.values.data() + y * width;
    for (int x = 0; x < width; ++x) {
      row[x] =
          static_cast<uint8_t>(static_cast<uint32_t>(sums.data()[x] + count / 2) * inverse >> 32);
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

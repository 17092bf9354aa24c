#include "recognize/ink.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <span>

#include "base/check.h"
#include "base/index.h"
#include "data/scale.h"
#include "recognize/morphology.h"

namespace inkling {
namespace {

using Histogram = std::array<int, 256>;

Histogram histogram_of(std::span<const uint8_t> values) {
  Histogram counts{};
  for (const uint8_t v : values) ++at(counts, v);
  return counts;
}

// The least level that at least `fraction` of the counted values do not exceed; 0 of none.
int quantile(const Histogram& counts, double fraction) {
  int64_t total = 0;
  for (const int n : counts) total += n;
  const double wanted = fraction * static_cast<double>(total);
  int64_t seen = 0;
  for (int level = 0; level < 256; ++level) {
    seen += at(counts, level);
    if (static_cast<double>(seen) >= wanted) return level;
  }
  return 255;
}

// Otsu (1979): the level, among those from `least` on, that splits the counts into the two classes
// with the largest variance between them; values above it are the upper class.
int otsu(const Histogram& counts, int least) {
  double n = 0, sum = 0;
  for (int level = least; level < 256; ++level) {
    n += at(counts, level);
    sum += double{1} * level * at(counts, level);
  }
  double below = 0, below_sum = 0, best = -1;
  int first = least, last = least;  // a gap between the classes has many best levels
  for (int level = least; level < 255; ++level) {
    below += at(counts, level);
    below_sum += double{1} * level * at(counts, level);
    if (below == 0 || below == n) continue;
    const double gap = below_sum / below - (sum - below_sum) / (n - below);
    const double between = below * (n - below) * gap * gap;
    if (between > best) {
      best = between;
      first = level;
    }
    if (between == best) last = level;
  }
  return (first + last) / 2;
}

// Extents whose longer side is at most, and whose shorter one at least, what the options say.
Picture at_working_size(const Picture& grey, const InkOptions& options) {
  const int longer = std::max(grey.width, grey.height), shorter = std::min(grey.width, grey.height);
  double scale = 1;
  if (shorter < options.shortest_side) scale = double{1} * options.shortest_side / shorter;
  scale = std::min(scale, double{1} * options.longest_side / longer);
  if (scale == 1) return grey;
  const auto side = [&](int n) { return std::max(1, static_cast<int>(std::lround(n * scale))); };
  return scaled(grey, side(grey.height), side(grey.width));
}

// Standard deviation of the noise, assumed normal, from the median difference of neighbours.
double noise_of(const BytePlane& plane) {
  Histogram counts{};
  for (int y = 0; y < plane.height; ++y) {
    const uint8_t* row = plane.values.data() + y * plane.width;
    for (int x = 1; x < plane.width; ++x) ++at(counts, std::abs(row[x] - row[x - 1]));
  }
  return quantile(counts, 0.5) / (0.6745 * std::sqrt(2.0));
}

// Whether the ink is lighter than its ground: the ground covers most of the picture and of its rim.
bool ink_is_light(const BytePlane& plane) {
  const Histogram all = histogram_of(plane.values);
  const int cut = otsu(all, 0);
  Histogram rim{};
  const int depth = std::max(1, std::min(plane.width, plane.height) / 50);
  for (int y = 0; y < plane.height; ++y) {
    const bool whole = y < depth || y >= plane.height - depth;
    for (int x = 0; x < plane.width; ++x) {
      if (!whole && x == depth && plane.width > 2 * depth) x = plane.width - depth;
      ++at(rim, plane.values.data()[y * plane.width + x]);
    }
  }
  const auto dark_fraction = [&](const Histogram& counts) {
    double dark = 0, total = 0;
    for (int level = 0; level < 256; ++level) {
      total += at(counts, level);
      if (level <= cut) dark += at(counts, level);
    }
    return dark / total;
  };
  return dark_fraction(all) + dark_fraction(rim) > 1;
}

// How far each pixel stands out from its ground: [height, width] of 0 … 255. Light falls unevenly,
// and takes the contrast of dark ink down with it: that is divided by the ground.
BytePlane standing_out(const BytePlane& bright_ink, bool light, double noise) {
  const int reach = std::max(8, std::min(bright_ink.height, bright_ink.width) / 5);
  const int calm = noise > 2 ? 2 : 1;
  const BytePlane smooth = box_mean(bright_ink, calm);
  const BytePlane ground = box_mean(dilated(eroded(smooth, reach), reach), reach / 2);
  // 1 / reflected in units of 2^-32, rounded up: exact for numerators below 2^16.
  std::array<uint64_t, 256> inverse;
  for (int level = 0; level < 256; ++level) {
    const int reflected = light ? 255 : std::max(48, 255 - level);
    at(inverse, level) = (uint64_t{1} << 32) / narrow<uint64_t>(reflected) + 1;
  }
  BytePlane out = bright_ink;
  for (size_t i = 0; i < out.values.size(); ++i) {
    const int above = std::max(0, out.values[i] - ground.values[i]);
    const uint64_t level = static_cast<uint64_t>(above * 255) * at(inverse, ground.values[i]) >> 32;
    out.values[i] = static_cast<uint8_t>(std::min<uint64_t>(255, level));
  }
  return out;
}

struct Thresholds {
  int seed = 256, weak = 256;  // ink from `seed` on, and from `weak` on where it touches ink
  double full = 0;             // the mean level of what is surely ink
};

Thresholds thresholds_of(const BytePlane& out, double noise) {
  const Histogram counts = histogram_of(out.values);
  const int middle = quantile(counts, 0.5);  // what noise and texture leave of the ground
  const int floor = std::max(10, middle + static_cast<int>(std::lround(3 * noise)));
  int64_t n = 0;
  for (int level = floor; level < 256; ++level) n += at(counts, level);
  if (n < 6) return {};
  Thresholds found;
  found.seed = std::max(otsu(counts, floor), floor) + 1;
  double sum = 0, seeds = 0;
  for (int level = found.seed; level < 256; ++level) {
    seeds += at(counts, level);
    sum += double{1} * level * at(counts, level);
  }
  if (seeds == 0) return {};
  found.full = sum / seeds;
  found.weak = std::max(floor, static_cast<int>(0.45 * found.seed + 0.55 * middle));
  if (found.full - middle < std::max(14.0, 4 * noise)) return {};
  return found;
}

// Connected components of the pixels from `weak` on that contain a seed.
void find_pieces(const BytePlane& out, const Thresholds& thresholds, Ink& ink) {
  ink.piece_of.resize(out.values.size());
  for (size_t i = 0; i < out.values.size(); ++i) {
    ink.piece_of[i] = out.values[i] >= thresholds.weak ? 0 : -1;
  }
  ink.pieces = label_pieces(ink.piece_of, out.height, out.width);
  std::vector<bool> seeded(ink.pieces.size(), false);
  for (size_t i = 0; i < out.values.size(); ++i) {
    if (ink.piece_of[i] >= 0 && out.values[i] >= thresholds.seed) {
      seeded[narrow<size_t>(ink.piece_of[i])] = true;
    }
  }
  keep_pieces(seeded, ink.pieces, ink.piece_of);
}

}  // namespace

PixelBox in_picture(const PixelBox& box, const Ink& ink, const Picture& picture) {
  const auto down = [](double x) { return static_cast<int>(std::floor(x)); };
  const auto up = [](double x) { return static_cast<int>(std::ceil(x)); };
  return {.left = down(box.left / ink.scale_x),
          .top = down(box.top / ink.scale_y),
          .right = std::min(picture.width, up(box.right / ink.scale_x)),
          .bottom = std::min(picture.height, up(box.bottom / ink.scale_y))};
}

Ink find_ink(const Picture& grey, const InkOptions& options) {
  INKLING_CHECK(grey.channels == 1);
  const Picture working = at_working_size(grey, options);
  Ink ink{.height = working.height, .width = working.width};
  ink.scale_y = double{1} * working.height / grey.height;
  ink.scale_x = double{1} * working.width / grey.width;
  BytePlane plane{.height = working.height, .width = working.width, .values = working.pixels};
  const bool light = ink_is_light(plane);
  if (!light) {
    for (uint8_t& v : plane.values) v = narrow<uint8_t>(255 - v);
  }
  const double noise = noise_of(plane);
  const BytePlane out = standing_out(plane, light, noise);
  const Thresholds thresholds = thresholds_of(out, noise);
  find_pieces(out, thresholds, ink);
  ink.strength.assign(out.values.size(), 0);
  if (ink.pieces.empty()) return ink;
  const double none = 0.5 * thresholds.weak;
  const double gain = 255 / std::max(1.0, 0.9 * thresholds.full - none);
  std::array<uint8_t, 256> strength;
  for (int level = 0; level < 256; ++level) {
    at(strength, level) = static_cast<uint8_t>(std::clamp((level - none) * gain, 0.0, 255.0) + 0.5);
  }
  for (size_t i = 0; i < out.values.size(); ++i) ink.strength[i] = at(strength, out.values[i]);
  return ink;
}

}  // namespace inkling

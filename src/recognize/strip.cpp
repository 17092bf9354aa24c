#include "recognize/strip.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"
#include "base/index.h"
#include "data/scale.h"

namespace inkling {
namespace {

// y = middle + slope * x through the middles of what is about as high as a digit, by least squares,
// each piece by its ink.
struct Line {
  double middle = 0, slope = 0;
};

Line line_of(const Ink& ink, const Row& row) {
  constexpr double kSteepest = 0.3;
  double n = 0, x_sum = 0, y_sum = 0;
  const auto each = [&](const auto& use) {
    for (const int i : row.pieces) {
      const InkPiece& piece = at(ink.pieces, i);
      if (piece.box.height() < 0.45 * row.digit_height) continue;
      use(piece.pixels, (piece.box.left + piece.box.right) / 2.0,
          (piece.box.top + piece.box.bottom) / 2.0);
    }
  };
  each([&](double weight, double x, double y) {
    n += weight;
    x_sum += weight * x;
    y_sum += weight * y;
  });
  INKLING_CHECK(n > 0);
  double xx = 0, xy = 0;
  each([&](double weight, double x, double y) {
    xx += weight * (x - x_sum / n) * (x - x_sum / n);
    xy += weight * (x - x_sum / n) * (y - y_sum / n);
  });
  // Of few digits close together the slope is a guess: as though there were a level row as well.
  const double level = n * row.digit_height * row.digit_height / 4;
  const double slope = std::clamp(xy / (xx + level), -kSteepest, kSteepest);
  return {.middle = y_sum / n - slope * x_sum / n, .slope = slope};
}

}  // namespace

RowStrip strip_of(const Ink& ink, const Row& row) {
  const double per_pixel = kStripDigit / row.digit_height;
  PixelBox box = at(ink.pieces, row.pieces.at(0)).box;
  std::vector<uint8_t> own(ink.pieces.size(), 0);
  for (const int i : row.pieces) {
    at(own, i) = 1;
    box = joined(box, at(ink.pieces, i).box);
  }
  const Line line = line_of(ink, row);
  const int margin = static_cast<int>(std::ceil(kStripHeight / 2.0 / per_pixel));
  const int height = std::max(1, static_cast<int>(std::lround(kStripHeight / per_pixel)));
  Picture band{.width = box.width() + 2 * margin, .height = height, .channels = 1, .pixels = {}};
  band.pixels.resize(narrow<size_t>(band.width * band.height), 0);
  for (int x = box.left; x < box.right; ++x) {
    const int top = static_cast<int>(std::lround(line.middle + line.slope * x - height / 2.0));
    for (int y = std::max(0, -top); y < std::min(height, ink.height - top); ++y) {
      const int pixel = (top + y) * ink.width + x, piece = at(ink.piece_of, pixel);
      if (piece >= 0 && at(own, piece) == 0) continue;
      at(band.pixels, y * band.width + x - box.left + margin) = at(ink.strength, pixel);
    }
  }
  const int width = std::max(kStripHeight, static_cast<int>(std::lround(band.width * per_pixel)));
  RowStrip strip{.width = width,
                 .pixels = scaled(band, kStripHeight, width).pixels,
                 .left = double{1} * box.left - margin,
                 .per_pixel = double{1} * width / band.width};
  return strip;
}

}  // namespace inkling

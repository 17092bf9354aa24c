#include "data/synth/synth_pen.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"

namespace inkling {
namespace {

// Pixels [first, last) of `extent` whose centres lie within [low, high].
struct PixelRange {
  int first, last;
  PixelRange(double low, double high, int extent)
      : first(static_cast<int>(std::clamp<double>(std::ceil(low - 0.5), 0, extent))),
        last(static_cast<int>(std::clamp<double>(std::floor(high - 0.5) + 1, 0, extent))) {}
};

void draw_segment(const PenDot& a, const PenDot& b, double softness, InkCanvas& canvas) {
  const double reach = std::max(a.radius, b.radius) + softness / 2;
  const PixelRange rows(std::min(a.y, b.y) - reach, std::max(a.y, b.y) + reach, canvas.height);
  const PixelRange columns(std::min(a.x, b.x) - reach, std::max(a.x, b.x) + reach, canvas.width);
  const double dx = b.x - a.x, dy = b.y - a.y, length2 = dx * dx + dy * dy;
  const double per_length2 = length2 > 0 ? 1 / length2 : 0, per_softness = 1 / softness;
  for (int row = rows.first; row < rows.last; ++row) {
    uint8_t* out = canvas.pixels.data() + std::ptrdiff_t{row} * canvas.width;
    const double y = row + 0.5 - a.y;
    for (int column = columns.first; column < columns.last; ++column) {
      const double x = column + 0.5 - a.x;
      const double along = std::clamp((x * dx + y * dy) * per_length2, 0.0, 1.0);
      const double off_x = x - along * dx, off_y = y - along * dy;
      const double distance = std::sqrt(off_x * off_x + off_y * off_y);
      const double radius = a.radius + along * (b.radius - a.radius);
      const double ink = std::clamp(0.5 + (radius - distance) * per_softness, 0.0, 1.0);
      out[column] = std::max(out[column], static_cast<uint8_t>(ink * 255 + 0.5));
    }
  }
}

}  // namespace

InkBox ink_box(const PenDrawing& drawing) {
  INKLING_CHECK(!drawing.strokes.empty() && !drawing.strokes.front().empty());
  const PenDot& any = drawing.strokes.front().front();
  InkBox box{any.x, any.y, any.x, any.y};
  for (const PenStroke& stroke : drawing.strokes) {
    for (const PenDot& dot : stroke) {
      box.left = std::min(box.left, dot.x - dot.radius);
      box.right = std::max(box.right, dot.x + dot.radius);
      box.top = std::min(box.top, dot.y - dot.radius);
      box.bottom = std::max(box.bottom, dot.y + dot.radius);
    }
  }
  return box;
}

void draw_ink(const PenDrawing& drawing, const InkPlacement& placement, InkCanvas& canvas) {
  INKLING_CHECK(placement.scale > 0 && placement.softness > 0);
  const auto placed = [&](const PenDot& dot) {
    return PenDot{placement.scale * dot.x + placement.left, placement.scale * dot.y + placement.top,
                  placement.scale * dot.radius};
  };
  for (const PenStroke& stroke : drawing.strokes) {
    for (size_t i = 1; i < stroke.size(); ++i) {
      draw_segment(placed(stroke[i - 1]), placed(stroke[i]), placement.softness, canvas);
    }
  }
}

}  // namespace inkling

// One image turned, scaled and moved by plain loops in double: what a Warper must agree with.
#pragma once

#include <cmath>
#include <cstddef>
#include <numbers>
#include <vector>

#include "data/augment/augment_draw.h"

namespace inkling {

// greys: [height, width, channels]. Rotation, scale and shift of the draw alone; background 0.
inline std::vector<double> bilinear_reference(const std::vector<double>& greys, int height,
                                              int width, int channels, const AugmentDraw& draw) {
  const auto pixel = [&](double y, double x, int c) {
    const bool inside = y >= 0 && x >= 0 && y < height && x < width;
    return inside ? greys[static_cast<size_t>((y * width + x) * channels + c)] : 0.0;
  };
  const double angle = draw.rotation * std::numbers::pi / 180;
  std::vector<double> out;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const double dx = x - (width - 1) / 2.0 - draw.shift_x;
      const double dy = y - (height - 1) / 2.0 - draw.shift_y;
      // Turned back, clockwise as one looks at it.
      const double sx = (std::cos(angle) * dx - std::sin(angle) * dy) / draw.scale_x;
      const double sy = (std::sin(angle) * dx + std::cos(angle) * dy) / draw.scale_y;
      const double from_x = sx + (width - 1) / 2.0, from_y = sy + (height - 1) / 2.0;
      const double left = std::floor(from_x), top = std::floor(from_y);
      const double u = from_x - left, v = from_y - top;
      for (int c = 0; c < channels; ++c) {
        out.push_back((1 - v) * ((1 - u) * pixel(top, left, c) + u * pixel(top, left + 1, c)) +
                      v * ((1 - u) * pixel(top + 1, left, c) + u * pixel(top + 1, left + 1, c)));
      }
    }
  }
  return out;
}

}  // namespace inkling

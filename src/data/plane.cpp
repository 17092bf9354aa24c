#include "data/plane.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include "base/index.h"

namespace inkling {
namespace {

// Along one direction: step (1, 0) or (0, 1).
Plane filtered(const Plane& plane, const std::vector<double>& taps, int step_y, int step_x) {
  const int radius = count_of(taps) / 2;
  const double* centre = taps.data() + radius;
  Plane result(plane.height, plane.width);
  for (int y = 0; y < plane.height; ++y) {
    for (int x = 0; x < plane.width; ++x) {
      double sum = 0;
      for (int t = -radius; t <= radius; ++t) {
        sum += centre[t] * plane.clamped(y + t * step_y, x + t * step_x);
      }
      result.at(y, x) = static_cast<float>(sum);
    }
  }
  return result;
}

// Spreads edges from the certain ones to the possible ones that touch them.
void keep_connected(Plane& edges, std::vector<std::pair<int, int>> certain, const Plane& possible) {
  while (!certain.empty()) {
    const auto [y, x] = certain.back();
    certain.pop_back();
    for (int ny = std::max(y - 1, 0); ny <= std::min(y + 1, edges.height - 1); ++ny) {
      for (int nx = std::max(x - 1, 0); nx <= std::min(x + 1, edges.width - 1); ++nx) {
        if (possible.at(ny, nx) == 0 || edges.at(ny, nx) > 0) continue;
        edges.at(ny, nx) = 1;
        certain.emplace_back(ny, nx);
      }
    }
  }
}

}  // namespace

float Plane::clamped(int y, int x) const {
  return at(std::clamp(y, 0, height - 1), std::clamp(x, 0, width - 1));
}

float Plane::sample(double y, double x) const {
  const double floor_y = std::floor(y), floor_x = std::floor(x);
  const int y0 = static_cast<int>(floor_y), x0 = static_cast<int>(floor_x);
  const double v = y - floor_y, u = x - floor_x;
  const double above = std::lerp(double{clamped(y0, x0)}, double{clamped(y0, x0 + 1)}, u);
  const double below = std::lerp(double{clamped(y0 + 1, x0)}, double{clamped(y0 + 1, x0 + 1)}, u);
  return static_cast<float>(std::lerp(above, below, v));
}

Plane blurred(const Plane& plane, double sigma) {
  if (sigma <= 0) return plane;
  const int radius = static_cast<int>(std::ceil(3 * sigma));
  std::vector<double> taps;
  double sum = 0;
  for (int t = -radius; t <= radius; ++t) {
    sum += taps.emplace_back(std::exp(-0.5 * t * t / (sigma * sigma)));
  }
  for (double& tap : taps) tap /= sum;
  return filtered(filtered(plane, taps, 0, 1), taps, 1, 0);
}

void draw_line(Plane& plane, double y0, double x0, double y1, double x1, double thickness) {
  const double along_y = y1 - y0, along_x = x1 - x0;
  const double length2 = along_y * along_y + along_x * along_x, reach = thickness / 2 + 0.5;
  const auto from = [&](double a, double b) {
    return std::max(static_cast<int>(std::floor(std::min(a, b) - reach)), 0);
  };
  const auto to = [&](double a, double b, int size) {
    return std::min(static_cast<int>(std::ceil(std::max(a, b) + reach)), size - 1);
  };
  for (int y = from(y0, y1); y <= to(y0, y1, plane.height); ++y) {
    for (int x = from(x0, x1); x <= to(x0, x1, plane.width); ++x) {
      double t = length2 > 0 ? ((y - y0) * along_y + (x - x0) * along_x) / length2 : 0;
      t = std::clamp(t, 0.0, 1.0);
      const double distance = std::hypot(y - y0 - t * along_y, x - x0 - t * along_x);
      const auto ink = static_cast<float>(std::clamp(reach - distance, 0.0, 1.0));
      plane.at(y, x) = std::max(plane.at(y, x), ink);
    }
  }
}

Plane canny_edges(const Plane& plane, float low, float high) {
  const Plane smooth = blurred(plane, 1);
  Plane strength(plane.height, plane.width), edges = strength, possible = strength;
  std::vector<int> direction(strength.values.size());  // of the gradient, in eighths of a turn
  for (int y = 0; y < plane.height; ++y) {
    for (int x = 0; x < plane.width; ++x) {
      const auto p = [&](int dy, int dx) { return double{smooth.clamped(y + dy, x + dx)}; };
      const double gx = p(-1, 1) + 2 * p(0, 1) + p(1, 1) - p(-1, -1) - 2 * p(0, -1) - p(1, -1);
      const double gy = p(1, -1) + 2 * p(1, 0) + p(1, 1) - p(-1, -1) - 2 * p(-1, 0) - p(-1, 1);
      strength.at(y, x) = static_cast<float>(std::hypot(gx, gy) / 4);
      const auto eighth = std::lround(std::atan2(gy, gx) / (std::numbers::pi / 4));
      at(direction, y * plane.width + x) = narrow<int>(eighth + 8) % 4;
    }
  }
  constexpr int kAcross[4][2] = {{0, 1}, {1, 1}, {1, 0}, {1, -1}};  // (y, x) by direction
  std::vector<std::pair<int, int>> certain;
  for (int y = 0; y < plane.height; ++y) {
    for (int x = 0; x < plane.width; ++x) {
      const auto& [dy, dx] = kAcross[at(direction, y * plane.width + x)];
      const float here = strength.at(y, x);
      // Of two equal neighbours the first stays.
      if (here < low || here <= strength.clamped(y - dy, x - dx) ||
          here < strength.clamped(y + dy, x + dx)) {
        continue;
      }
      possible.at(y, x) = 1;
      if (here < high) continue;
      edges.at(y, x) = 1;
      certain.emplace_back(y, x);
    }
  }
  keep_connected(edges, std::move(certain), possible);
  return edges;
}

}  // namespace inkling

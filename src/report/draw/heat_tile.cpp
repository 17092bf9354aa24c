#include "report/draw/heat_tile.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/check.h"

namespace inkling {
namespace {

constexpr std::array<double, 3> kAbove = {255, 159, 26}, kBelow = {40, 140, 235};
constexpr double kDimmed = 0.45;  // of the picture's grey

}  // namespace

Tile heat_tile(const Tile& picture, const Heatmap& map) {
  INKLING_CHECK(picture.height == map.height && picture.width == map.width);
  float most = 0;
  for (const float v : map.values) most = std::max(most, std::abs(v));
  Tile tile{.width = map.width, .height = map.height};
  for (size_t p = 0; p < map.values.size(); ++p) {
    const double heat = most > 0 ? std::abs(map.values[p]) / most : 0;
    const std::array<double, 3>& colour = map.values[p] < 0 ? kBelow : kAbove;
    for (size_t c = 0; c < 3; ++c) {
      const double dim = kDimmed * picture.rgb[p * 3 + c];
      tile.rgb.push_back(grey_level(std::lerp(dim, colour[c], heat)));
    }
  }
  return tile;
}

std::vector<Tile> explanation_tiles(const Tile& picture, const Explanation& explanation) {
  std::vector<Tile> tiles = {picture};
  tiles.back().caption = "input";
  const auto add = [&](const Heatmap& map, const char* name) {
    tiles.push_back(heat_tile(picture, map));
    tiles.back().caption = name;
  };
  add(explanation.saliency, "saliency");
  if (explanation.grad_cam) add(*explanation.grad_cam, "Grad-CAM");
  add(explanation.occlusion, "occlusion");
  return tiles;
}

}  // namespace inkling

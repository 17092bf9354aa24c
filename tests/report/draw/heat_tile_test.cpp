#include "report/draw/heat_tile.h"

#include <gtest/gtest.h>

namespace inkling {
namespace {

Tile white() { return {.width = 2, .height = 1, .rgb = {255, 255, 255, 0, 0, 0}}; }

TEST(HeatTile, IsOrangeAboveZeroAndBlueBelow) {
  const Tile tile = heat_tile(white(), {1, 2, {2, -1}});
  EXPECT_GT(tile.rgb[0], tile.rgb[2] + 100);  // full heat hides the picture
  EXPECT_GT(tile.rgb[5], tile.rgb[3] + 50);
}

TEST(HeatTile, WithoutHeatIsTheDimmedPicture) {
  const Tile tile = heat_tile(white(), {1, 2, {0, 0}});
  EXPECT_EQ(tile.rgb, (std::vector<uint8_t>{115, 115, 115, 0, 0, 0}));
}

TEST(HeatTile, StrengthIsRelativeToTheLargest) {
  EXPECT_EQ(heat_tile(white(), {1, 2, {1, 0.5F}}).rgb, heat_tile(white(), {1, 2, {8, 4}}).rgb);
}

TEST(ExplanationTiles, LeaveOutGradCamWhereThereIsNone) {
  Explanation e;
  e.saliency = e.occlusion = {1, 2, {1, 2}};
  EXPECT_EQ(explanation_tiles(white(), e).size(), 3u);
  e.grad_cam = e.saliency;
  const std::vector<Tile> tiles = explanation_tiles(white(), e);
  ASSERT_EQ(tiles.size(), 4u);
  EXPECT_EQ(tiles[2].caption, "Grad-CAM");
}

}  // namespace
}  // namespace inkling

// A heat map over its picture, as a tile for image_grid.h: the picture in dim grey, orange where
// the map is above zero, blue where it is below, stronger for larger values. Distinguishable by
// colour-blind people.
#pragma once

#include "eval/explain/explanation.h"
#include "report/draw/image_grid.h"

namespace inkling {

// The picture's height and width are the map's. Strength is relative to the map's largest absolute
// value; a map of zeros colours nothing.
Tile heat_tile(const Tile& picture, const Heatmap& map);

// Input, saliency, Grad-CAM if there is one, occlusion: one row, named below.
std::vector<Tile> explanation_tiles(const Tile& picture, const Explanation& explanation);

}  // namespace inkling

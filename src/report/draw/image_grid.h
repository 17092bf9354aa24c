// Pictures in rows and columns with captions, as a figure: the form of sample_digits, outliers,
// suspect_labels, misclassified_examples and the like.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "report/draw/figure.h"

namespace inkling {

// A default tile is an empty place.
struct Tile {
  int width = 0, height = 0;
  std::vector<uint8_t> rgb;           // [height, width, 3]
  std::string caption;                // below, in ink
  std::string small;                  // below the caption, smaller and quiet
  const char* caption_colour = kInk;  // kMark to stand out
};

// A grey level, rounded, from 0 to 255.
uint8_t grey_level(double value);

// Image `index` of a dataset; grey becomes RGB.
Tile tile_of(const Dataset& dataset, uint32_t index);
// [height, width, channels] of values 0 … 255, such as a mean image.
Tile tile_of(const std::vector<double>& values, const Dataset& like);

struct GridLayout {
  int columns = 10;
  int tile_px = 56;                       // longer side of a tile in the SVG
  int gap_px = 10;                        // between tiles: how far captions may extend
  std::vector<std::string> row_names;     // left of the rows; empty: none
  std::vector<std::string> column_names;  // above the first row; empty: none
};

// The figure's width and height follow from the tiles; name, title, note and alt stay.
Figure image_grid(Figure figure, const std::vector<Tile>& tiles, const GridLayout& layout);

// Of images named by their classes, as wide as a page: names of classes need room, digits do not.
GridLayout captioned_layout(std::span<const std::string> class_names);

// A figure that is a sentence, for when there is nothing to show.
Figure sentence_figure(Figure figure, const std::string& sentence);

// A name shortened to fit below a tile of `px`.
std::string fitted(const std::string& name, int px);

// gnuplot's plot element and its inline data, for figures that mix pictures with other things:
// pixel edges from (x, y) to (x + w, y + h) in the axes' units, y down.
struct InlineImage {
  std::string element, data;
};
InlineImage inline_image(const Tile& tile, double x, double y, double w, double h);

// An empty canvas with axes in px, y down.
std::string pixel_canvas(int width, int height);

}  // namespace inkling

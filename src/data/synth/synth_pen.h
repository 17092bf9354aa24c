// What a pen leaves on paper: strokes as chains of dots with a radius, and their anti-aliased ink.
// Not how a digit is written (synth_hand.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/index.h"

namespace inkling {

struct PenDot {
  double x, y;  // x to the right, y down
  double radius;
};

using PenStroke = std::vector<PenDot>;  // in the order it is written, at least 2 dots

// One written digit, about 1 high, anywhere near the origin.
struct PenDrawing {
  int digit = 0;
  std::string_view form;  // the way it is written, of synth_forms.h
  std::vector<PenStroke> strokes;
};

struct InkBox {
  double left = 0, top = 0, right = 0, bottom = 0;
  double width() const { return right - left; }
  double height() const { return bottom - top; }
};

// The smallest box around every dot with its radius. The caller owes at least one dot.
InkBox ink_box(const PenDrawing& drawing);

// Ink on nothing: 0 is paper, 255 is full ink.
struct InkCanvas {
  int height = 0, width = 0;    // pixels
  std::vector<uint8_t> pixels;  // [height, width]

  InkCanvas(int h, int w) : height(h), width(w), pixels(narrow<size_t>(std::ptrdiff_t{h} * w)) {}
};

// Where a drawing goes: its point (x, y) falls on pixel coordinates (scale x + left, scale y +
// top); pixel (column, row) has its centre at (column + 0.5, row + 0.5).
struct InkPlacement {
  double scale = 1;  // pixels, above 0
  double left = 0, top = 0;
  double softness = 1;  // pixels over which an edge goes from ink to paper, above 0
};

// Adds the drawing's ink; where ink already is, the darker stays. Ink beside the canvas is lost.
// Consecutive dots are joined by a line whose half width goes from the one radius to the other.
void draw_ink(const PenDrawing& drawing, const InkPlacement& placement, InkCanvas& canvas);

}  // namespace inkling

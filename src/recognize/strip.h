// A row of ink as a strip of one height, brought upright: what the locator slides along. Any number
// of threads may call.
#pragma once

#include <cstdint>
#include <vector>

#include "recognize/ink.h"
#include "recognize/rows.h"

namespace inkling {

inline constexpr int kStripHeight = 32, kStripDigit = 20;  // pixels; a digit's height in it

struct RowStrip {
  int width = 0;
  std::vector<uint8_t> pixels;     // [kStripHeight, width], light ink on black
  double left = 0, per_pixel = 1;  // strip x = (x - left) * per_pixel, x of the working plane

  double x_of(double working_x) const { return (working_x - left) * per_pixel; }
};

// The row's ink alone, about the line its digits stand around, half a strip's height of ground at
// both ends.
RowStrip strip_of(const Ink& ink, const Row& row);

}  // namespace inkling

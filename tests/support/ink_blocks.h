// Ink made of filled rectangles, at full strength.
#pragma once

#include <algorithm>
#include <vector>

#include "base/index.h"
#include "recognize/ink.h"

namespace inkling {

inline Ink blocks(int height, int width, const std::vector<PixelBox>& boxes) {
  Ink ink{.height = height, .width = width};
  const size_t size = narrow<size_t>(height * width);
  ink.strength.assign(size, 0);
  ink.piece_of.assign(size, -1);
  for (const PixelBox& box : boxes) {
    for (int y = box.top; y < box.bottom; ++y) {
      for (int x = box.left; x < box.right; ++x) {
        at(ink.strength, y * width + x) = 255;
        at(ink.piece_of, y * width + x) = 0;
      }
    }
  }
  ink.pieces = label_pieces(ink.piece_of, height, width);
  return ink;
}

}  // namespace inkling

// Connected components of a plane. Any number of threads may call.
#pragma once

#include <vector>

namespace inkling {

// Half-open, in pixels of the plane at hand: right and bottom are the first pixels outside.
struct PixelBox {
  int left = 0, top = 0, right = 0, bottom = 0;

  int width() const { return right - left; }
  int height() const { return bottom - top; }
  bool operator==(const PixelBox&) const = default;
};

// The smallest box around both.
PixelBox joined(const PixelBox& a, const PixelBox& b);

// A connected component of the ink.
struct InkPiece {
  PixelBox box;
  int pixels = 0;
};

// Numbers the components (8 neighbours) of the pixels of piece_of [height, width] that are not
// negative, from the top, then from the left, and writes each pixel's number there.
std::vector<InkPiece> label_pieces(std::vector<int>& piece_of, int height, int width);

// Keeps the pieces for which keep[i] is true, renumbered in the same order; the pixels of the
// others become -1.
void keep_pieces(const std::vector<bool>& keep, std::vector<InkPiece>& pieces,
                 std::vector<int>& piece_of);

}  // namespace inkling

// Ink in a grey picture: which pixels a pen left, whatever the light, the paper and the polarity.
// Not what it means (find_digit.h) and not decoding (data/formats/picture.h).
//
//   const Ink ink = find_ink(to_grey(read_picture("seven.jpg")));
//   if (ink.pieces.empty()) ...  // blank
//
// Any number of threads may call.
#pragma once

#include <cstdint>
#include <vector>

#include "data/formats/picture.h"
#include "recognize/pieces.h"

namespace inkling {

// The picture at its working size, reduced to what the pen left.
struct Ink {
  int height = 0, width = 0;        // of the working planes
  double scale_y = 1, scale_x = 1;  // working pixels per pixel of the picture
  std::vector<uint8_t> strength;    // [height, width]: 0 ground … 255 full ink
  std::vector<int> piece_of;        // [height, width]: index into pieces, -1 where there is none
  std::vector<InkPiece> pieces;     // from the top, then from the left
};

struct InkOptions {
  int longest_side = 640;  // a larger picture is reduced to it
  int shortest_side = 96;  // a smaller one is enlarged, so that a stroke is several pixels wide
};

// The longest side of a picture that find_ink has a use for, for DecodeOptions: half as much again
// as it works on, so that what it sees is still its own reduction.
inline constexpr int kLongestNeeded = 960;

// A box of the working planes in pixels of the picture they were made of, as decoded.
PixelBox in_picture(const PixelBox& box, const Ink& ink, const Picture& picture);

// `grey` has one channel. A picture without ink has no pieces.
Ink find_ink(const Picture& grey, const InkOptions& options = {});

}  // namespace inkling

// What a picture file claims of itself, read without decoding it, so that a claim of a terabyte is
// refused before anything is allocated. Private to picture.cpp.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace inkling {

struct PictureHeader {
  int64_t pixels = 0;   // the decoder will hold: width · height, over all frames of an animation
  int orientation = 1;  // EXIF's, 1 … 8 (JPEG only); 1 is upright
  int jpeg_side = 0;    // the longer side of a JPEG, pixels; of other formats 0
};

// Throws Error, naming `source`, if the format is not one of picture.h's or the header is damaged.
PictureHeader read_picture_header(std::span<const uint8_t> bytes, std::string_view source);

}  // namespace inkling

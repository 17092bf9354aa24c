// Transparency resolved. Any thread may call.
#pragma once

#include <cstddef>
#include <cstdint>

#include "data/formats/picture.h"

namespace inkling {

// Pixels of red, green, blue and alpha, not premultiplied, rows `stride` bytes apart, blended onto
// white, or onto black if what is opaque is light, so that what was drawn stands out. The caller
// owes extents of at least 1 that fit the bytes.
Picture blended(const uint8_t* rgba, int width, int height, std::ptrdiff_t stride);

}  // namespace inkling

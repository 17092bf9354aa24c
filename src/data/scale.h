// A picture at another size. Not Leptonica's scaling, which gives other extents than asked for
// where the two directions differ much, and averages only where both shrink.
#pragma once

#include "data/formats/picture.h"

namespace inkling {

// Direction by direction: where it shrinks, each pixel is the mean of the area it covers; where it
// grows, linear between the centres of pixels; rounded once. The caller owes extents of at least 1.
Picture scaled(const Picture& picture, int height, int width);

}  // namespace inkling

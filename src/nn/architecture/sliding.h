// A network that classifies a window, moved over a larger image: the same layers and parameters,
// computed once for all windows that overlap.
#pragma once

#include "nn/architecture/architecture.h"

namespace inkling {

// `window` on images of another size: what was one output a class becomes one a place and class,
// [places, classes] row by row, as many places as the pooled image has. Each place has the logits
// that the window network has for the image's part there; a parameter array of one fits the other.
// A classifier of it gives the softmax over all places, of which those of one place are a multiple.
//
// Throws Error if a convolution of the network pads ("same": a window would see its own border), if
// it does not end in a dense layer that sees each window as one pixel, or if the image is too small
// for one window.
Architecture sliding_architecture(const Architecture& window, int height, int width);

}  // namespace inkling

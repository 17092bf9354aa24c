// What happens to one image in one epoch: numbers drawn from AugmentOptions' ranges, and the map of
// places they make. Not what is done with them (augment.h).
#pragma once

#include <cstdint>

#include "data/augment/augment_options.h"
#include "kernels/warp.h"

namespace inkling {

// The default leaves an image as it is.
struct AugmentDraw {
  double rotation = 0;              // degrees, counter-clockwise as one looks at it
  double scale_x = 1, scale_y = 1;  // above 1: bigger
  double shift_x = 0, shift_y = 0;  // pixels, right and down
  double shear = 0;                 // pixels to the right per pixel upwards, as italics lean
  double perspective_x = 0;         // the right edge is this fraction farther away
  double perspective_y = 0;         // the lower edge is
  bool flip = false;                // left and right change places, before anything else
  uint32_t elastic_key = 0;         // names the field of displacements
  double elastic_alpha = 0;         // pixels; 0: none
  double stroke = 0;                // fraction of a dilation by one pixel, below 0 of an erosion
  double contrast = 1;              // factor
  double noise = 0;                 // standard deviation, grey levels
  uint32_t noise_key = 0;
  int erase_x = 0, erase_y = 0;  // corner of the erased rectangle, pixels
  int erase_width = 0, erase_height = 0;
};

// Depends on its arguments alone, whatever else was drawn before; a field of the options has no
// influence on what the others give. `index` is the image's in its dataset, height and width are
// its pixels.
AugmentDraw draw_augmentation(const AugmentOptions& options, int height, int width, uint64_t seed,
                              int epoch, uint32_t index);

// Where each pixel of the changed picture comes from: flip, scale, shear, rotation and shift about
// the centre of height x width pixels, then perspective.
kernels::SourceMap source_map(const AugmentDraw& draw, int height, int width);

}  // namespace inkling

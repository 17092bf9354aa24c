// How far a training image may be changed without changing what it shows: the ranges augmentation
// draws from, and the presets. Not the drawing (augment_draw.h) nor the changing (augment.h).
//
//   AugmentOptions options = augment_preset("standard");
//   options.elastic_alpha = 20;
#pragma once

#include <span>
#include <string_view>

namespace inkling {

// Every default leaves the image as it is. Geometry turns about the image's centre; what comes in
// from outside is background, 0. "Either way" means uniform in [-value, value].
struct AugmentOptions {
  double rotation = 0;                   // degrees, either way
  double scale_low = 1, scale_high = 1;  // factors, each axis its own; above 1 is bigger ink
  double shift = 0;                      // pixels, each axis its own, either way
  double shear = 0;                      // pixels to the side per pixel of height, either way
  double perspective = 0;                // at the edges the picture is this fraction nearer or
                                         // farther, each axis its own, either way
  double elastic_alpha = 0;              // pixels; Simard's alpha (warper.h), 0: none
  double elastic_sigma = 4;              // pixels; his sigma
  double thin = 0, thicken = 0;          // the pen: at most this fraction of the way to an
                                         // erosion or a dilation by one pixel
  double contrast_low = 1, contrast_high = 1;  // factors on the grey levels; white stays white
  double noise = 0;                      // grey levels of 255; the standard deviation of a pixel's
                                         // noise is uniform in [0, noise]
  double erase_probability = 0;          // of a rectangle of background (Zhong et al. 2020),
  double erase_low = 0, erase_high = 0;  // a fraction of the image's area, sides 1:2 to 2:1
  double horizontal_flip_probability = 0;  // for clothes, say; a mirrored digit is none

  bool operator==(const AugmentOptions&) const = default;
};

// "none", "standard" (shift, rotation, scale, shear), "strong" (adds elastic distortion and the
// rest); ranges chosen for digits in images of 28x28, none of them flips.
std::span<const std::string_view> augment_preset_names();
// Throws Error (usage) for an unknown name.
AugmentOptions augment_preset(std::string_view name);

// Whether no draw from these ranges changes an image.
bool changes_nothing(AugmentOptions options);

// Every field by name, as recipes spell it, with the least and the greatest value it may have, its
// unit ("" where it has none) and what it does.
struct AugmentField {
  std::string_view name;
  double AugmentOptions::*value;
  double least, greatest;
  std::string_view unit, help;
};
std::span<const AugmentField> augment_fields();

// Throws Error (usage) naming the field that is out of range, or the lower end above its upper end.
void expect_augment_ranges(const AugmentOptions& options);

}  // namespace inkling

// Copies among images: exact ones, by a 64-bit hash and a comparison of the bytes, and near ones,
// which a person would call the same picture. Over several datasets at once, because what matters
// most is the test image that was trained on. Labels are not looked at; pixels that are not bytes
// are an Error (input) naming the dataset.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "data/dataset.h"

namespace inkling {

// An image of one of several datasets.
struct ImageRef {
  uint32_t set = 0;    // which of `sets`
  uint32_t index = 0;  // which of its images
  friend bool operator==(const ImageRef&, const ImageRef&) = default;
};

struct TwinImages {
  ImageRef first, second;  // first comes before second: lower set, then lower index
  double distance = 0;     // see find_near_duplicates; 0 for exact copies
};

// Each image that is equal, byte for byte, to one before it, paired with the earliest such. The
// caller owes sets of one image size. Sorted by `second`.
std::vector<TwinImages> find_duplicates(std::span<const Dataset* const> sets);

// Each image nearly equal to another, paired with one before it: pixels as their difference from
// the background (the median of the border pixels over all sets), scaled to length one, no further
// apart than `radius` by Euclid, which also sees copies that are brighter or darker. Copies of
// `exact` and images without ink stand aside. Sorted by distance.
//
// Not all pairs: images are projected to a few directions first, which only shortens distances, so
// nothing within the radius is missed and almost everything else is never compared.
inline constexpr double kNearRadius = 0.1;
std::vector<TwinImages> find_near_duplicates(std::span<const Dataset* const> sets,
                                             std::span<const TwinImages> exact,
                                             double radius = kNearRadius);

}  // namespace inkling

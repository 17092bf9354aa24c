// Ink brought into the form a network learned from, MNIST's: the longer side of the ink's box fills
// 20 of 28 pixels, aspect kept, grey levels from anti-aliasing, the centre of mass in the middle
// (LeCun et al. 1998). The pen is brought near the width MNIST's pens have.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "recognize/ink.h"

namespace inkling {

struct FormOptions {
  bool pen_width = true;  // thin pens are thickened and thick ones thinned
  double thinnest = 1.9;  // pen widths left as they are, pixels of 28
  double thickest = 4.5;
  // What other ink around the digit keeps of its level, so that a network sees whether it has a
  // whole digit or part of one; 0: it is left out.
  double surroundings = 0;
};

// For the digits of a row (reader.h).
inline constexpr FormOptions kInRow{.surroundings = 0.35};

// One digit as a network takes it.
struct NormalisedDigit {
  std::vector<uint8_t> pixels;  // [28, 28], light ink on black
  PixelBox box;                 // of its ink, pixels of the working plane
};

inline constexpr int kFormSide = 28, kFormBox = 20;  // pixels

// The pieces of these indices as one digit. The caller owes at least one.
NormalisedDigit normalised_digit(const Ink& ink, std::span<const int> pieces,
                                 const FormOptions& options = {});

// Whether a grey picture has that form already, as each of MNIST's 60,000 training images has:
// 28x28, all ink in a box on black whose longer side is 19 or 20 pixels, the centre of mass within
// a pixel of the middle in both directions. Such a picture enters a network unchanged.
bool is_normalised(const Picture& grey);

}  // namespace inkling

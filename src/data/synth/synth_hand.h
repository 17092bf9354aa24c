// A hand that writes digits: picks a way to write one (synth_forms.h) and writes it as nobody
// writes it twice. Everything comes from the random stream it is given. Not pixels (synth.h).
#pragma once

#include <span>

#include "base/random.h"
#include "data/synth/synth_forms.h"
#include "data/synth/synth_pen.h"

namespace inkling {

// Lengths are in heights of a digit; spreads are standard deviations. The values are those that
// made a network trained on them alone read MNIST's training images best (docs/journal.md); width,
// slant and pen follow the means over those.
struct HandStyle {
  double jitter = 0.040;     // spread of the points a form passes, multiplied by 0.4 to 1.6 a digit
  double proportion = 0.30;  // spread of what the upper half takes of the height, and of the width
  double warp = 0.042;       // spread of a smooth distortion of the whole digit
  double slant = 0.12;       // mean, the top leaning right, width a height
  double slant_spread = 0.26;
  double turn = 0.10;         // spread of the rotation, radians
  double width = 1.18;        // median, as a multiple of the form's
  double stretch = 0.24;      // spread of log(width)
  double loose_ends = 0.05;   // spread of the length a stroke's end is too long or too short
  double tremor = 0.005;      // of every dot of the path, multiplied by 0 to 2 a digit
  double pen_radius = 0.072;  // median
  double pen_spread = 0.32;   // of log(radius), between digits
  double pressure = 0.14;     // spread of log(radius) along a stroke
};

// One of the forms, or of the digit's forms, drawn by their fractions. The caller owes at least
// one.
const DigitForm& pick_form(std::span<const DigitForm> forms, Random& random);
const DigitForm& pick_form(int digit, Random& random);

PenDrawing write_digit(int digit, const DigitForm& form, const HandStyle& style, Random& random);

}  // namespace inkling

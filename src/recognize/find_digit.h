// The one digit in a picture, as a network takes it: what `inkling predict` reads. The picture is a
// grey plane in memory; decoding is data/formats/picture.h.
//
//   if (const auto digit = find_digit(to_grey(read_picture("seven.jpg")))) use(digit->pixels);
//
// Any number of threads may call.
#pragma once

#include <optional>
#include <vector>

#include "data/dataset.h"
#include "recognize/form.h"
#include "recognize/ink.h"

namespace inkling {

// The ink of a picture of one digit, in pixels of the picture; nothing if it is blank. A picture
// that is_normalised is its own form, unchanged. `grey` has one channel.
std::optional<NormalisedDigit> find_digit(const Picture& grey);

// The same, and, where lines are ruled across the picture, the digit without them: what is a line
// and what is the bar of a 7 only a network can tell. Empty if the picture is blank.
std::vector<NormalisedDigit> find_digit_candidates(const Picture& grey);

// The pieces of ink that make up that digit: the largest, and what belongs to it. Specks, frames
// and rules are left out. In ascending order.
std::vector<int> pieces_of_digit(const Ink& ink);

// Whether nearly all of these images are in MNIST's form, so that what learns from them reads
// pictures through find_digit.
bool holds_normalised_digits(const Dataset& dataset);

}  // namespace inkling

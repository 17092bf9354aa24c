// Internal to data/synth: forms written as text.
//
// A form is "name weight: points;". Points are "x y", with commas between them; "!" makes a corner,
// "/" lifts the pen. Spaces and line ends part words, no more.
#pragma once

#include <string_view>
#include <vector>

#include "data/synth/synth_forms.h"

namespace inkling {

// The names point into the text, which is the program's own: a mistake in it is a check.
std::vector<DigitForm> parse_forms(std::string_view text);

}  // namespace inkling

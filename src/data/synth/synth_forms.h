// The ways to write each digit: strokes as a few points the pen passes, of our own design. What a
// hand makes of them is synth_hand.h's business.
#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace inkling {

// x grows to the right, y down; a digit is about 1 high and 0.6 wide.
struct FormPoint {
  double x, y;
  bool corner = false;  // the pen turns here instead of curving through
};

using FormStroke = std::vector<FormPoint>;  // at least 2 points, in the order they are written

struct DigitForm {
  std::string_view name;            // unique within its digit: "crossed"
  double fraction;                  // how often, beside the digit's other forms; above 0
  std::vector<FormStroke> strokes;  // at least 1
};

// digit: 0 … 9. Never empty.
std::span<const DigitForm> digit_forms(int digit);

}  // namespace inkling

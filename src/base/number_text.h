// Numbers as people read them, one spelling for the terminal, the figures and the pages. Not
// numbers from text: numbers.h.
#pragma once

#include <concepts>
#include <string>
#include <string_view>

namespace inkling {

// "98.73 %".
std::string percent(double fraction);

// "905,418": a number that is not negative, reals rounded down.
std::string grouped_digits(std::string_view digits);
std::string grouped(std::integral auto number) { return grouped_digits(std::to_string(number)); }
std::string grouped(double number);

}  // namespace inkling

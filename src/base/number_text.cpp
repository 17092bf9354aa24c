#include "base/number_text.h"

#include <fmt/core.h>

#include <cmath>

namespace inkling {

std::string percent(double fraction) { return fmt::format("{:.2f} %", 100 * fraction); }

std::string grouped_digits(std::string_view digits) {
  std::string text;
  for (size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) text += ',';
    text += digits[i];
  }
  return text;
}

std::string grouped(double number) {
  return grouped_digits(fmt::format("{:.0f}", std::floor(number)));
}

}  // namespace inkling

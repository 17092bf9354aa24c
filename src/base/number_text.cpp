#include "base/number_text.h"

#include <fmt/core.h>

namespace inkling {

std::string percent(double fraction) { return fmt::format("{:.2f} %", 100 * fraction); }

std::string grouped(size_t number) {
  const std::string digits = std::to_string(number);
  std::string text;
  for (size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) text += ',';
    text += digits[i];
  }
  return text;
}

}  // namespace inkling

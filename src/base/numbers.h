// Numbers from text, strictly: the whole text must be one number in range, nothing before or after.
// "12x", "1e999", "nan", "" and "-0" for a count are refused.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace inkling {

std::optional<int64_t> parse_integer(std::string_view text);
// Finite only.
std::optional<double> parse_real(std::string_view text);

}  // namespace inkling

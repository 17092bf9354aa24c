// "Did you mean ...?": the known word nearest to one that is not.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace inkling {

// " (did you mean \"filters\"?)" when a known word is at most a third of its letters away by
// Levenshtein's distance, else "".
std::string did_you_mean(std::string_view word, std::span<const std::string_view> known);

}  // namespace inkling

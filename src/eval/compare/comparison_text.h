// A comparison for people.
#pragma once

#include <string>

#include "eval/compare/comparison.h"

namespace inkling {

// A table and a few lines a pair, for people.
std::string comparison_text(const Comparison& comparison);

}  // namespace inkling

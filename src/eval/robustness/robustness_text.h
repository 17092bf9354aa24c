// Robustness for people: a table of corruptions and the curves as rows of numbers.
#pragma once

#include <string>

#include "eval/robustness/robustness.h"

namespace inkling {

std::string robustness_text(const Robustness& robustness);

}  // namespace inkling

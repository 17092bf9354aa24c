// Numbers as people read them, one spelling for the terminal, the figures and the pages. Not
// numbers from text: numbers.h.
#pragma once

#include <cstddef>
#include <string>

namespace inkling {

// "98.73 %".
std::string percent(double fraction);
// "905,418".
std::string grouped(size_t number);

}  // namespace inkling

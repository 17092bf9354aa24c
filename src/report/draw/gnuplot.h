// The gnuplot process behind figure.h.
#pragma once

#include <string>
#include <string_view>

namespace inkling {

// Runs one gnuplot on the script, which may hold inline binary data, whatever the machine and the
// user set it to do. Returns "" or, in a sentence, why nothing may have been drawn: gnuplot is not
// installed, or what it complained of. Its stdout goes nowhere. Throws Error where the machine
// refuses a temporary file.
std::string run_gnuplot(std::string_view script);

}  // namespace inkling

// The gnuplot process behind figure.h.
#pragma once

#include <string>
#include <string_view>

namespace inkling {

// Runs one gnuplot on the script, which may hold inline binary data, ignoring the machine's and the
// user's settings. Returns "" or, as a sentence, why nothing may have been drawn: gnuplot is not
// installed, or its error message. Its stdout is discarded. Throws Error if no temporary file can
// be written.
std::string run_gnuplot(std::string_view script);

}  // namespace inkling

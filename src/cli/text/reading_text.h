// What a reader says of a picture, on one line.
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "recognize/reading.h"

namespace inkling {

// {"file": ..., and what json has}
std::string json_line(const std::string& file, const nlohmann::ordered_json& json);

// "seven.png: 7 (99.1 %)", "rows.png: 12345 / 678 (92.0 %)", "page.png: blank"
std::string text_line(const std::string& file, const DigitPrediction& prediction);
std::string text_line(const std::string& file, const Reading& reading);

}  // namespace inkling

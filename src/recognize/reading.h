// What a reader says of a picture: one digit (DigitPrediction) or all of its digits (Reading), or
// why there is none; and their JSON, the same in the program, over HTTP and in a browser.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "recognize/pieces.h"

namespace inkling {

enum class Refusal {
  kNone,
  kBlank,      // there is no ink
  kNotADigit,  // there is ink that is no digit, or several
  kUnreadable  // the picture cannot be decoded, or no digit is likely enough
};
std::string_view name_of(Refusal refusal);  // "blank", "not-a-digit", "unreadable"; of kNone ""

struct DigitPrediction {
  Refusal refusal = Refusal::kNone;
  int digit = -1;                    // class index; -1 when refused
  std::string label;                 // its name
  double confidence = 0;             // its probability
  std::vector<float> probabilities;  // [classes], the reject class excepted; empty of a blank
  double p_refused = 0;              // of the reject class; with the others 1
  std::optional<PixelBox> box;       // of the ink, pixels of the picture; none if taken whole

  bool is_read() const { return refusal == Refusal::kNone; }
};

struct ReadDigit {
  int digit = 0;  // class index
  std::string label;
  double confidence = 0;
  PixelBox box;  // pixels of the picture
  int row = 0;   // from the top
};

struct Reading {
  Refusal refusal = Refusal::kNone;
  std::string text;               // rows separated by newlines
  double confidence = 0;          // that all of it is right
  std::vector<ReadDigit> digits;  // row by row, from the left

  bool is_read() const { return refusal == Refusal::kNone; }
};

nlohmann::ordered_json to_json(const DigitPrediction& prediction);
nlohmann::ordered_json to_json(const Reading& reading);

}  // namespace inkling

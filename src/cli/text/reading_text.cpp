#include "cli/text/reading_text.h"

#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "base/json.h"

namespace inkling {

std::string json_line(const std::string& file, const nlohmann::ordered_json& json) {
  nlohmann::ordered_json line = {{"file", file}};
  line.update(json);
  return json_text(line);
}

std::string text_line(const std::string& file, const DigitPrediction& prediction) {
  if (!prediction.is_read()) return fmt::format("{}: {}", file, name_of(prediction.refusal));
  return fmt::format("{}: {} ({:.1f} %)", file, prediction.label, 100 * prediction.confidence);
}

std::string text_line(const std::string& file, const Reading& reading) {
  if (!reading.is_read()) return fmt::format("{}: {}", file, name_of(reading.refusal));
  std::string text;
  for (const char c : reading.text) text += c == '\n' ? std::string(" / ") : std::string(1, c);
  return fmt::format("{}: {} ({:.1f} %)", file, text, 100 * reading.confidence);
}

}  // namespace inkling

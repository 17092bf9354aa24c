#include "train/run/history_file.h"

#include <fmt/core.h>

#include <sstream>

#include <nlohmann/json.hpp>

#include "base/json.h"
#include "sys/file.h"

namespace inkling {

std::string history_text(std::span<const EpochRecord> records) {
  std::string lines;
  for (const EpochRecord& record : records) lines += json_text(epoch_json(record)) + "\n";
  return lines;
}

std::vector<EpochRecord> read_history(const std::filesystem::path& path) {
  std::vector<EpochRecord> history;
  std::istringstream lines(read_text_file(path));
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    const std::string source = fmt::format("{}:{}", path.string(), number);
    const nlohmann::json document = parse_json(line, source);
    history.push_back(epoch_of_json(JsonValue(document, source)));
  }
  return history;
}

}  // namespace inkling

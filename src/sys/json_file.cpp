#include "sys/json_file.h"

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/json.h"
#include "sys/file.h"

namespace inkling {

void write_json(const std::filesystem::path& path, const nlohmann::json& document) {
  write_file(path, json_text(document, 2) + "\n");
}

void write_json(const std::filesystem::path& path, const nlohmann::ordered_json& document) {
  write_file(path, json_text(document, 2) + "\n");
}

nlohmann::json read_json_object(const std::filesystem::path& path) {
  nlohmann::json document = parse_json(read_text_file(path), path.string());
  if (!document.is_object()) {
    throw input_error("{}: expected a JSON object, found {}", path.string(), document.type_name());
  }
  return document;
}

}  // namespace inkling

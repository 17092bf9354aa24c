#include "train/run/json_file.h"

#include "sys/file.h"

namespace inkling {
namespace {

template <typename Document>
void write_document(const std::filesystem::path& path, const Document& document) {
  write_file(path, document.dump(2, ' ', false, Document::error_handler_t::replace) + "\n");
}

}  // namespace

void write_json(const std::filesystem::path& path, const nlohmann::json& document) {
  write_document(path, document);
}
void write_json(const std::filesystem::path& path, const nlohmann::ordered_json& document) {
  write_document(path, document);
}

nlohmann::json read_json_object(const std::filesystem::path& path) {
  nlohmann::json document = nlohmann::json::parse(read_text_file(path), nullptr, false);
  if (!document.is_object()) {
    throw input_error("{}: expected a JSON object, found {}", path.string(),
                      document.is_discarded() ? "broken text" : document.type_name());
  }
  return document;
}

}  // namespace inkling

// JSON documents in files: written whole, read back as objects, and what is wrong with one said
// with its file's name. Not what any document holds.
//
//   const nlohmann::json metrics = read_json_object(path);
//   const auto n = from_document(path.string(), [&] { return metrics.at("n").get<int64_t>(); });
#pragma once

#include <filesystem>
#include <string_view>

#include <nlohmann/json.hpp>

#include "base/error.h"

namespace inkling {

// As text, indented; names that are no UTF-8 lose what is none. Throws Error as write_file does.
void write_json(const std::filesystem::path& path, const nlohmann::json& document);
void write_json(const std::filesystem::path& path, const nlohmann::ordered_json& document);

// Throws Error naming the file if it is no JSON object.
nlohmann::json read_json_object(const std::filesystem::path& path);

// What `use` makes of a document. That it is not as `use` needs it, a key missing or a value of
// another type, is JSON's exception there and an Error (input) naming the source here: the file,
// and which part of it where that helps.
template <typename Use>
auto from_document(std::string_view source, const Use& use) {
  try {
    return use();
  } catch (const nlohmann::json::exception& fault) {
    throw input_error("{}: not as Inkling writes it: {}", source, fault.what());
  }
}

}  // namespace inkling

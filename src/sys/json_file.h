// JSON documents in files: written whole, read back as objects. Not what any document holds, which
// JsonValue (base/json.h) reads.
#pragma once

#include <filesystem>

#include <nlohmann/json_fwd.hpp>

namespace inkling {

// As text, indented; names that are no UTF-8 lose what is none. Throws Error as write_file does.
void write_json(const std::filesystem::path& path, const nlohmann::json& document);
void write_json(const std::filesystem::path& path, const nlohmann::ordered_json& document);

// Throws Error naming the file if it is no JSON object.
nlohmann::json read_json_object(const std::filesystem::path& path);

}  // namespace inkling

#include "base/json.h"

#include <fmt/core.h>

#include <cstdint>
#include <set>

#include <nlohmann/json.hpp>

#include "base/error.h"

namespace inkling {
namespace {

using nlohmann::json;

template <typename Json>
std::string text_of(const Json& value, int indent) {
  return value.dump(indent, ' ', false, Json::error_handler_t::replace);
}

// "a number", "an object", "null".
std::string kind_of(const json& value) {
  if (value.is_null()) return "null";
  const std::string name = value.type_name();
  return fmt::format("{} {}", name == "object" || name == "array" ? "an" : "a", name);
}

}  // namespace

json parse_json(std::string_view text, std::string_view source) {
  json value = json::parse(text.data(), text.data() + text.size(), nullptr, false);
  if (value.is_discarded()) throw input_error("{}: expected JSON, found broken text", source);
  return value;
}

json parse_strict_json_object(std::string_view text, int max_depth, std::string_view source) {
  std::vector<std::set<std::string>> keys;
  std::string duplicate;
  const json::parser_callback_t watch = [&](int depth, json::parse_event_t event, json& parsed) {
    if (depth > max_depth) {
      throw input_error("{}: expected JSON nested at most {} deep, found it nested {} deep", source,
                        max_depth, depth);
    }
    if (event == json::parse_event_t::object_start) keys.emplace_back();
    if (event == json::parse_event_t::object_end) keys.pop_back();
    if (event == json::parse_event_t::key &&
        !keys.back().insert(parsed.get<std::string>()).second && duplicate.empty()) {
      duplicate = parsed.get<std::string>();
    }
    return true;
  };
  json value = json::parse(text.data(), text.data() + text.size(), watch, false);
  if (!value.is_object()) {  // broken text is discarded, and none either
    throw input_error("{}: expected a JSON object, found {} bytes that are none", source,
                      text.size());
  }
  if (!duplicate.empty()) {
    throw input_error("{}: expected each name once, found {} twice", source, duplicate);
  }
  return value;
}

std::string json_text(const json& value, int indent) { return text_of(value, indent); }
std::string json_text(const nlohmann::ordered_json& value, int indent) {
  return text_of(value, indent);
}

std::string JsonValue::where() const {
  return path_.empty() ? source_ : fmt::format("{}: {}", source_, path_);
}

bool JsonValue::has(std::string_view key) const {
  expect(value_->is_object(), "an object");
  const auto found = value_->find(key);
  return found != value_->end() && !found->is_null();
}

JsonValue JsonValue::operator[](std::string_view key) const {
  expect(value_->is_object(), "an object");
  const auto found = value_->find(key);
  std::string path = path_.empty() ? std::string(key) : fmt::format("{}.{}", path_, key);
  if (found == value_->end())
    throw input_error("{}: {}: expected a value, found none", source_, path);
  return child(*found, std::move(path));
}

std::vector<JsonValue> JsonValue::list() const {
  expect(value_->is_array(), "a list");
  std::vector<JsonValue> values;
  for (const json& value : *value_) {
    values.push_back(child(value, fmt::format("{}[{}]", path_, values.size())));
  }
  return values;
}

std::vector<double> JsonValue::numbers(size_t count) const {
  expect(value_->is_array() && value_->size() == count, fmt::format("a list of {} numbers", count));
  std::vector<double> numbers;
  for (const JsonValue& value : list()) numbers.push_back(value.number());
  return numbers;
}

double JsonValue::number() const {
  expect(value_->is_number(), "a number");
  return value_->get<double>();
}

std::optional<double> JsonValue::number_or_null() const {
  if (value_->is_null()) return std::nullopt;
  expect(value_->is_number(), "a number or null");
  return value_->get<double>();
}

int64_t JsonValue::integer(int64_t least, int64_t most) const {
  // What is unsigned may be more than an int64_t holds.
  const bool fits = value_->is_number_integer() &&
                    (!value_->is_number_unsigned() || value_->get<uint64_t>() <= INT64_MAX) &&
                    value_->get<int64_t>() >= least && value_->get<int64_t>() <= most;
  expect(fits, fmt::format("a whole number from {} to {}", least, most));
  return value_->get<int64_t>();
}

bool JsonValue::boolean() const {
  expect(value_->is_boolean(), "true or false");
  return value_->get<bool>();
}

std::string JsonValue::text() const {
  expect(value_->is_string(), "a string");
  return value_->get<std::string>();
}

JsonValue JsonValue::child(const json& value, std::string path) const {
  JsonValue at(value, source_);
  at.path_ = std::move(path);
  return at;
}

void JsonValue::expect(bool is, std::string_view what) const {
  if (is) return;
  throw input_error("{}: expected {}, found {}", where(), what,
                    value_->is_number() ? json_text(*value_) : kind_of(*value_));
}

}  // namespace inkling

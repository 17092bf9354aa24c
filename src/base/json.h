// JSON as text and back, and the reading of documents that came from outside: what is wrong with
// one is said with its file, its key, what was expected and what was found. The one place that
// compiles the JSON library's parser and serialiser, which are slow to compile.
//
//   const nlohmann::json document = parse_json(text, "runs/a/metrics.json");
//   const double loss = JsonValue(document, "runs/a/metrics.json")["loss"].number();
//   // Error: runs/a/metrics.json: loss: expected a number, found a string
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace inkling {

// Throws Error (input) naming `source` if the text is no JSON.
nlohmann::json parse_json(std::string_view text, std::string_view source);

// An object nested at most `max_depth` deep in which no object has a key twice, for readers would
// differ on which counts. Throws Error (input) naming `source` otherwise.
nlohmann::json parse_strict_json_object(std::string_view text, int max_depth,
                                        std::string_view source);

// On one line, or with `indent` spaces a level. Bytes that are no UTF-8 are replaced (U+FFFD).
std::string json_text(const nlohmann::json& value, int indent = -1);
std::string json_text(const nlohmann::ordered_json& value, int indent = -1);

// A value and where it stands. Every member throws Error (input) naming that place if the value is
// not what is asked for. Refers to the document, which must outlive it.
class JsonValue {
 public:
  JsonValue(const nlohmann::json& value, std::string_view source)
      : value_(&value), source_(source) {}

  std::string where() const;             // "runs/a/metrics.json: robustness.fgsm[3]", for messages
  bool has(std::string_view key) const;  // of an object: a key that is not null
  JsonValue operator[](std::string_view key) const;
  std::vector<JsonValue> list() const;
  std::vector<double> numbers(size_t count) const;  // a list of so many

  double number() const;
  std::optional<double> number_or_null() const;
  int64_t integer(int64_t least, int64_t most = INT64_MAX) const;
  bool boolean() const;
  std::string text() const;

 private:
  JsonValue child(const nlohmann::json& value, std::string path) const;
  void expect(bool is, std::string_view what) const;

  const nlohmann::json* value_;
  std::string source_, path_;  // "runs/a/metrics.json", "robustness.fgsm[3]"
};

}  // namespace inkling

// Layer descriptions in, network file out.
#include <fmt/core.h>

#include <string>
#include <string_view>
#include <vector>

#include "nn/architecture/architecture.h"
#include "nn/architecture/layer_kinds.h"

namespace inkling {
namespace {

// As a TOML string: names come from files, where they may hold anything.
std::string in_quotes(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    const auto code = static_cast<unsigned char>(c);
    if (code < 0x20 || code == 0x7f) {
      out += fmt::format("\\u{:04x}", code);
    } else {
      out += c;
    }
  }
  return out + "\"";
}

// Writes each field behind what is there: ", filters = 32".
class FieldWriter {
 public:
  explicit FieldWriter(std::string& text) : text_(text) {}

  void operator()(std::string_view field, int count) const { write(field, count); }
  void operator()(std::string_view field, double number) const { write(field, number); }
  void operator()(std::string_view field, bool flag) const { write(field, flag); }
  void operator()(std::string_view field, bool flag, OnlyIfTrue) const {
    if (flag) write(field, flag);
  }
  void operator()(std::string_view field, PaddingRule padding) const {
    write(field, padding == PaddingRule::kSame ? "\"same\"" : "\"valid\"");
  }
  void operator()(std::string_view field, const std::string& layer) const {
    if (!layer.empty()) write(field, in_quotes(layer));
  }
  void operator()(std::string_view field, const std::vector<std::string>& other) const {
    write(field, in_quotes(other.front()));
  }
  void operator()(std::string_view field, const std::string& first,
                  const std::vector<std::string>& rest) const {
    std::string layers = in_quotes(first);
    for (const std::string& layer : rest) layers += ", " + in_quotes(layer);
    write(field, "[" + layers + "]");
  }

 private:
  template <typename Value>
  void write(std::string_view field, const Value& value) const {
    text_ += fmt::format(", {} = {}", field, value);
  }

  std::string& text_;
};

std::string layer_text(const LayerSpec& spec) {
  std::string text = fmt::format("{{ type = \"{}\"", kind_name(spec.kind));
  if (!spec.name.empty()) text += ", name = " + in_quotes(spec.name);
  visit_fields(spec, FieldWriter(text));
  return text + " }";
}

}  // namespace

std::string architecture_text(std::string_view name, const Shape& input, int classes,
                              std::span<const LayerSpec> specs) {
  std::string text =
      fmt::format("name = {}\ninput = [{}, {}, {}]\nclasses = {}\nlayers = [\n", in_quotes(name),
                  input.height, input.width, input.channels, classes);
  for (const LayerSpec& spec : specs) text += "  " + layer_text(spec) + ",\n";
  return text + "]\n";
}

}  // namespace inkling

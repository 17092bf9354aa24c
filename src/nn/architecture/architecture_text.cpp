// Layer descriptions in, network file out.
#include <fmt/core.h>
#include <fmt/ranges.h>

#include "nn/architecture/architecture.h"

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

std::string fields_text(const LayerSpec& spec) {
  switch (spec.kind) {
    case LayerKind::kConv:
      return fmt::format(", filters = {}, kernel = {}, stride = {}, padding = \"{}\", bias = {}",
                         spec.filters, spec.kernel, spec.stride, spec.same ? "same" : "valid",
                         spec.bias);
    case LayerKind::kMaxPool:
    case LayerKind::kAveragePool:
      return fmt::format(", window = {}, stride = {}", spec.window, spec.stride);
    case LayerKind::kDense:
      return fmt::format(", units = {}, bias = {}", spec.units, spec.bias);
    case LayerKind::kDropout:
      return fmt::format(", rate = {}", spec.rate);
    case LayerKind::kAdd:
      return fmt::format(", with = {}", in_quotes(spec.with[0]));
    case LayerKind::kMixture: {
      std::string members = in_quotes(spec.from);
      for (const std::string& other : spec.with) members += ", " + in_quotes(other);
      return fmt::format(", of = [{}]{}", members, spec.apart ? ", apart = true" : "");
    }
    default:
      return "";
  }
}

std::string layer_text(const LayerSpec& spec) {
  std::string text = fmt::format("{{ type = \"{}\"", kind_name(spec.kind));
  if (!spec.name.empty()) text += ", name = " + in_quotes(spec.name);
  if (!spec.from.empty() && spec.kind != LayerKind::kMixture)
    text += ", from = " + in_quotes(spec.from);
  return text + fields_text(spec) + " }";
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

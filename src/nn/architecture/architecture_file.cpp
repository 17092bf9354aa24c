// The network file: TOML in, layer descriptions out.
//
//   name = "cnn3"
//   input = [28, 28, 1]      # height, width, channels
//   classes = 10
//   layers = [
//     { type = "conv", filters = 32, kernel = 3, padding = "same" },
//     { type = "relu" },
//     ...
//   ]
#include <fmt/core.h>
#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <span>

#include "base/error.h"
#include "base/index.h"
#include "base/suggest.h"
#include "nn/architecture/architecture.h"
#include "nn/architecture/infer_shapes.h"
#include "nn/architecture/layer_kinds.h"

namespace inkling {
namespace {

constexpr size_t kMaxTextBytes = size_t{1} << 20;  // TOML takes a hundred times that in memory
constexpr std::string_view kFileFields[] = {"name", "input", "classes", "layers"};

template <typename T>
std::optional<T> take(const toml::table& table, std::string_view field, std::string_view expected,
                      std::string_view where) {
  const toml::node* node = table.get(field);
  if (!node) return std::nullopt;
  const std::optional<T> value = node->value<T>();
  if (!value) throw input_error("{}: {}: expected {}", where, field, expected);
  return value;
}

std::optional<int> take_integer(const toml::table& table, std::string_view field, int low, int high,
                                std::string_view where) {
  const toml::node* node = table.get(field);
  if (!node) return std::nullopt;
  const auto value = node->value_exact<int64_t>();
  if (!value || *value < low || *value > high) {
    throw input_error("{}: {}: expected a whole number from {} to {}", where, field, low, high);
  }
  return narrow<int>(*value);
}

void refuse_unknown(const toml::table& table, std::span<const std::string_view> known,
                    std::string_view where) {
  for (const auto& [key, value] : table) {
    if (std::ranges::find(known, key.str()) != known.end()) continue;
    throw input_error("{}: unknown field \"{}\"{}", where, key.str(),
                      did_you_mean(key.str(), known));
  }
}

// The values of a layer's fields; what the table does not have stays as it is.
class FieldReader {
 public:
  FieldReader(const toml::table& table, std::string_view where) : table_(table), where_(where) {}

  void operator()(std::string_view field, int& count) const {
    count = take_integer(table_, field, 1, kMaxSide, where_).value_or(count);
  }
  void operator()(std::string_view field, double& number) const {
    number = take<double>(table_, field, "a number", where_).value_or(number);
  }
  void operator()(std::string_view field, bool& flag, auto...) const {
    flag = take<bool>(table_, field, "true or false", where_).value_or(flag);
  }
  void operator()(std::string_view field, PaddingRule& padding) const {
    const auto rule = take<std::string>(table_, field, "\"same\" or \"valid\"", where_);
    if (rule && *rule != "same" && *rule != "valid") {
      throw input_error("{}: {}: expected \"same\" or \"valid\", found \"{}\"", where_, field,
                        *rule);
    }
    if (rule) padding = *rule == "same" ? PaddingRule::kSame : PaddingRule::kValid;
  }
  void operator()(std::string_view field, std::string& layer) const {
    layer = take<std::string>(table_, field, "a layer's name", where_).value_or(layer);
  }
  void operator()(std::string_view field, std::vector<std::string>& other) const {
    const auto layer = take<std::string>(table_, field, "a layer's name", where_);
    if (!layer) throw input_error("{}: {} is missing: the layer to add", where_, field);
    other = {*layer};
  }
  void operator()(std::string_view field, std::string& first,
                  std::vector<std::string>& rest) const {
    const toml::array* array = table_[field].as_array();
    for (size_t i = 0; array && i < array->size(); ++i) {
      rest.push_back((*array)[i].value<std::string>().value_or(""));
    }
    if (rest.empty() || std::ranges::count(rest, "") > 0) {
      throw input_error("{}: {}: expected a list of layers' names", where_, field);
    }
    first = rest.front();
    rest.erase(rest.begin());
  }

 private:
  const toml::table& table_;
  std::string_view where_;
};

class FileReader {
 public:
  explicit FileReader(std::string_view source) : source_(source) {}

  Architecture read(std::string_view text) {
    if (text.size() > kMaxTextBytes) {
      throw input_error("{}: expected a network of at most {} bytes of text, found {}", source_,
                        kMaxTextBytes, text.size());
    }
    toml::table file;
    try {
      file = toml::parse(text);
    } catch (const toml::parse_error& error) {
      throw input_error("{}:{}: not TOML: {}", source_, error.source().begin.line,
                        error.description());
    }
    Architecture net;
    net.text = text;
    refuse_unknown(file, kFileFields, source_);
    net.name = take<std::string>(file, "name", "a text", source_).value_or("network");
    net.classes = take_integer(file, "classes", 2, 256, source_).value_or(10);
    net.input = input_shape(file);
    const toml::array* layers = file["layers"].as_array();
    if (!layers) throw input_error("{}: layers: expected an array of tables, found none", source_);
    std::vector<LayerSpec> specs;
    for (const toml::node& node : *layers) specs.push_back(layer(node, specs.size()));
    infer_shapes(net, specs, source_);
    return net;
  }

 private:
  Shape input_shape(const toml::table& file) {
    if (!file.contains("input")) return {28, 28, 1};
    const toml::array* sides = file["input"].as_array();
    std::array<int, 3> extents{};
    const bool three = sides && sides->size() == 3;
    for (size_t i = 0; three && i < 3; ++i) {
      const int64_t side = (*sides)[i].value_exact<int64_t>().value_or(0);
      extents[i] = side >= 1 && side <= kMaxSide ? narrow<int>(side) : 0;
    }
    if (std::ranges::count(extents, 0) > 0) {
      throw input_error("{}: input: expected [height, width, channels], each 1 to {}", source_,
                        kMaxSide);
    }
    return {extents[0], extents[1], extents[2]};
  }

  LayerSpec layer(const toml::node& node, size_t index) {
    LayerSpec spec;
    spec.line = narrow<int>(node.source().begin.line);
    const std::string where = fmt::format("{}:{}: layer {}", source_, spec.line, index + 1);
    const toml::table* table = node.as_table();
    if (!table) throw input_error("{}: expected a table like {{ type = \"relu\" }}", where);
    const auto type = take<std::string>(*table, "type", "a text", where);
    if (!type) throw input_error("{}: type is missing", where);
    spec.kind = kind_of(*type, where);
    const std::string_view stem = names_of(spec.kind).stem;
    spec.name = take<std::string>(*table, "name", "a text", where)
                    .value_or(fmt::format("{}{}", stem, ++counts_[stem]));

    std::vector<std::string_view> known;
    visit_fields(spec, [&](std::string_view field, auto&&...) { known.push_back(field); });
    known.insert(known.end(), {"type", "name"});
    refuse_unknown(*table, known, where);
    visit_fields(spec, FieldReader(*table, where));
    return spec;
  }

  LayerKind kind_of(const std::string& type, const std::string& where) {
    std::vector<std::string_view> known;
    for (const LayerKindNames& kind : kLayerKinds) {
      if (kind.type == type) return kind.kind;
      known.push_back(kind.type);
    }
    throw input_error("{}: unknown type \"{}\"{}", where, type, did_you_mean(type, known));
  }

  std::string_view source_;
  std::map<std::string_view, int> counts_;
};

}  // namespace

Architecture parse_architecture(std::string_view text, std::string_view source) {
  return FileReader(source).read(text);
}

}  // namespace inkling

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

#include "base/error.h"
#include "base/suggest.h"
#include "nn/architecture/architecture.h"
#include "nn/architecture/infer_shapes.h"

namespace inkling {
namespace {

constexpr size_t kMaxTextBytes = size_t{1} << 20;  // TOML takes a hundred times that in memory

constexpr LayerKind kKinds[] = {
    LayerKind::kConv,    LayerKind::kBatchNorm,   LayerKind::kRelu,
    LayerKind::kMaxPool, LayerKind::kAveragePool, LayerKind::kGlobalAveragePool,
    LayerKind::kDense,   LayerKind::kDropout,     LayerKind::kFlatten,
    LayerKind::kAdd,     LayerKind::kMixture};

// The stem of a layer's name where the file gives none: "conv1", "bn1", "fc1".
std::string_view short_name(LayerKind kind) {
  switch (kind) {
    case LayerKind::kBatchNorm:
      return "bn";
    case LayerKind::kDense:
      return "fc";
    case LayerKind::kMaxPool:
    case LayerKind::kAveragePool:
      return "pool";
    default:
      return kind_name(kind);
  }
}

// The fields a kind takes beside type and name.
std::vector<std::string_view> fields_of(LayerKind kind) {
  switch (kind) {
    case LayerKind::kConv:
      return {"from", "filters", "kernel", "stride", "padding", "bias"};
    case LayerKind::kMaxPool:
    case LayerKind::kAveragePool:
      return {"from", "window", "stride"};
    case LayerKind::kDense:
      return {"from", "units", "bias"};
    case LayerKind::kDropout:
      return {"from", "rate"};
    case LayerKind::kAdd:
      return {"from", "with"};
    case LayerKind::kMixture:
      return {"of", "apart"};
    default:
      return {"from"};
  }
}

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
    refuse_unknown(file, {"name", "input", "classes", "layers"}, source_);
    net.name = take<std::string>(file, "name", "a text", source_).value_or("network");
    net.classes = static_cast<int>(integer(file, "classes", 2, 256, source_).value_or(10));
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
      extents[i] = side >= 1 && side <= 4096 ? static_cast<int>(side) : 0;
    }
    if (std::find(extents.begin(), extents.end(), 0) != extents.end()) {
      throw input_error("{}: input: expected [height, width, channels], each 1 to 4096", source_);
    }
    return {extents[0], extents[1], extents[2]};
  }

  LayerSpec layer(const toml::node& node, size_t index) {
    LayerSpec spec;
    spec.line = static_cast<int>(node.source().begin.line);
    const std::string where = fmt::format("{}:{}: layer {}", source_, spec.line, index + 1);
    const toml::table* table = node.as_table();
    if (!table) throw input_error("{}: expected a table like {{ type = \"relu\" }}", where);
    const auto type = take<std::string>(*table, "type", "a text", where);
    if (!type) throw input_error("{}: type is missing", where);
    spec.kind = kind_of(*type, where);
    spec.name =
        take<std::string>(*table, "name", "a text", where)
            .value_or(fmt::format("{}{}", short_name(spec.kind), ++counts_[short_name(spec.kind)]));
    spec.from = take<std::string>(*table, "from", "a layer's name", where).value_or("");

    std::vector<std::string_view> known = fields_of(spec.kind);
    known.insert(known.end(), {"type", "name"});
    refuse_unknown(*table, known, where);
    const auto count = [&](const char* field, int fallback) {
      return static_cast<int>(integer(*table, field, 1, 4096, where).value_or(fallback));
    };
    spec.filters = count("filters", spec.filters);
    spec.units = count("units", spec.units);
    spec.kernel = count("kernel", spec.kernel);
    spec.window = count("window", spec.window);
    spec.stride = count("stride", spec.stride);
    spec.bias = take<bool>(*table, "bias", "true or false", where).value_or(true);
    spec.apart = take<bool>(*table, "apart", "true or false", where).value_or(false);
    spec.rate = take<double>(*table, "rate", "a number", where).value_or(spec.rate);
    if (const auto with = take<std::string>(*table, "with", "a layer's name", where)) {
      spec.with = {*with};
    } else if (spec.kind == LayerKind::kAdd) {
      throw input_error("{}: with is missing: the layer to add", where);
    }
    if (spec.kind == LayerKind::kMixture) {
      std::vector<std::string> members = layer_names(*table, "of", where);
      spec.from = members.front();
      spec.with.assign(members.begin() + 1, members.end());
    }
    const std::string padding =
        take<std::string>(*table, "padding", "\"same\" or \"valid\"", where).value_or("valid");
    if (padding != "same" && padding != "valid") {
      throw input_error("{}: padding: expected \"same\" or \"valid\", found \"{}\"", where,
                        padding);
    }
    spec.same = padding == "same";
    return spec;
  }

  std::vector<std::string> layer_names(const toml::table& table, std::string_view field,
                                       const std::string& where) {
    std::vector<std::string> names;
    const toml::array* array = table[field].as_array();
    for (size_t i = 0; array && i < array->size(); ++i) {
      names.push_back((*array)[i].value<std::string>().value_or(""));
    }
    if (names.empty() || std::ranges::count(names, "") > 0) {
      throw input_error("{}: {}: expected a list of layers' names", where, field);
    }
    return names;
  }

  LayerKind kind_of(const std::string& type, const std::string& where) {
    std::vector<std::string_view> known;
    for (const LayerKind kind : kKinds) {
      if (kind_name(kind) == type) return kind;
      known.push_back(kind_name(kind));
    }
    throw input_error("{}: unknown type \"{}\"{}", where, type, did_you_mean(type, known));
  }

  template <typename T>
  std::optional<T> take(const toml::table& table, std::string_view field, std::string_view expected,
                        std::string_view where) {
    const toml::node* node = table.get(field);
    if (!node) return std::nullopt;
    const std::optional<T> value = node->value<T>();
    if (!value) throw input_error("{}: {}: expected {}", where, field, expected);
    return value;
  }

  std::optional<int64_t> integer(const toml::table& table, std::string_view field, int64_t low,
                                 int64_t high, std::string_view where) {
    const toml::node* node = table.get(field);
    if (!node) return std::nullopt;
    const auto value = node->value_exact<int64_t>();
    if (!value || *value < low || *value > high) {
      throw input_error("{}: {}: expected a whole number from {} to {}", where, field, low, high);
    }
    return value;
  }

  void refuse_unknown(const toml::table& table, std::vector<std::string_view> known,
                      std::string_view where) {
    for (const auto& [key, value] : table) {
      if (std::find(known.begin(), known.end(), key.str()) != known.end()) continue;
      throw input_error("{}: unknown field \"{}\"{}", where, key.str(),
                        did_you_mean(key.str(), known));
    }
  }

  std::string_view source_;
  std::map<std::string_view, int> counts_;
};

}  // namespace

Architecture parse_architecture(std::string_view text, std::string_view source) {
  return FileReader(source).read(text);
}

}  // namespace inkling

// From layer descriptions to shapes, padding and parameter slots.
#include "nn/architecture/architecture.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "base/error.h"
#include "nn/architecture/infer_shapes.h"
#include "nn/architecture/layer_kinds.h"

namespace inkling {
namespace {

constexpr size_t kSlotAlignment = 16;  // floats: one cache line, one AVX-512 register
// What a network may ask for in all: a file is a few bytes, and who reads it may have 32-bit sizes.
constexpr size_t kMaxLayers = 4096;
constexpr int64_t kMaxParameters = int64_t{1} << 28;
constexpr int64_t kMaxValues = int64_t{1} << 24;  // an image: input and outputs, borders included

// "net.toml:7: layer 4 (max_pool \"pool2\"): "
std::string place(std::string_view source, size_t index, const LayerSpec& spec) {
  return fmt::format("{}:{}: layer {} ({} \"{}\"): ", source, spec.line, index + 1,
                     kind_name(spec.kind), spec.name);
}

class Builder {
 public:
  Builder(Architecture& net, std::string_view source) : net_(net), source_(source) {
    where_ = fmt::format("{}: input: ", source);
    count_values(values_of(net.input, 0), net.input);
  }

  void add(const LayerSpec& spec) {
    Layer layer;
    layer.spec = spec;
    where_ = place(source_, net_.layers.size(), spec);
    if (net_.layers.size() == kMaxLayers)
      throw input_error("{}more than {} layers", where_, kMaxLayers);
    if (names_.contains(spec.name)) throw input_error("{}another layer has this name", where_);
    const int previous = count_of(net_.layers) - 1;
    layer.input = spec.from.empty() ? previous : find(spec.from);
    layer.in = shape_of(layer.input);
    read_others(layer);
    infer(layer);
    count_values(layer);
    names_[spec.name] = count_of(net_.layers);
    net_.layers.push_back(std::move(layer));
  }

  void finish() {
    if (net_.layers.empty()) throw input_error("{}: expected layers, found none", source_);
    const Layer& last = net_.layers.back();
    for (size_t i = 0; i + 1 < net_.layers.size(); ++i) {
      const LayerSpec& spec = net_.layers[i].spec;
      if (!spec.apart) continue;
      throw input_error("{}apart: only the members of a mixture that ends the network have a loss",
                        place(source_, i, spec));
    }
    const Shape wanted{1, 1, net_.classes};
    if (last.out != wanted) {
      throw input_error("{}the network must end in one output a class, {}; it ends in {}",
                        place(source_, net_.layers.size() - 1, last.spec), to_string(wanted),
                        to_string(last.out));
    }
    lay_out_slots();
  }

 private:
  int find(const std::string& name) const {
    if (name == "input") return -1;
    const auto it = names_.find(name);
    if (it == names_.end()) {
      throw input_error("{}no earlier layer is named \"{}\"", where_, name);
    }
    return it->second;
  }

  const Shape& shape_of(int layer) const {
    return layer < 0 ? net_.input : at(net_.layers, layer).out;
  }

  // With `border` more pixels up and down, left and right together. At most 2^36 values of whatever
  // a file can say.
  static int64_t values_of(const Shape& shape, int border) {
    return int64_t{shape.height + border} * (shape.width + border) * shape.channels;
  }

  void count_values(int64_t values, const Shape& shape) {
    if ((values_ += values) > kMaxValues) {
      throw input_error("{}{} is too large: with its border more than {} values an image in all",
                        where_, to_string(shape), kMaxValues);
    }
  }

  // A convolution's input and the gradient of its output have borders.
  void count_values(const Layer& layer) {
    const int border = layer.spec.kind == LayerKind::kConv ? layer.spec.kernel - 1 : 0;
    count_values(values_of(layer.in, border) - values_of(layer.in, 0), layer.in);
    count_values(values_of(layer.out, border), layer.out);
  }

  int slot(const Layer& layer, std::string_view what, std::vector<int> dims, Initialisation init,
           int64_t fan_in = 1, int fan_out = 1, bool trainable = true) {
    ParameterSlot slot;
    slot.name = fmt::format("{}.{}", layer.spec.name, what);
    slot.dims = std::move(dims);
    int64_t size = 1;
    for (const int extent : slot.dims) {  // extents are below 2^31, so no product overflows
      if ((size *= extent) > kMaxParameters) break;
    }
    if ((parameters_ += size) > kMaxParameters) {
      throw input_error("{}more than {} parameters in all", where_, kMaxParameters);
    }
    slot.size = static_cast<size_t>(size);
    slot.trainable = trainable;
    slot.initialisation = init;
    slot.fan_in = narrow<int>(fan_in);  // divides the size
    slot.fan_out = fan_out;
    net_.slots.push_back(std::move(slot));
    return count_of(net_.slots) - 1;
  }

  int positive(int value, std::string_view field) const {
    if (value < 1 || value > kMaxSide) {
      throw input_error("{}{}: expected 1 to {}, found {}", where_, field, kMaxSide, value);
    }
    return value;
  }

  void read_others(Layer& layer) const {
    for (const std::string& name : layer.spec.with) {
      const int other = find(name);
      if (shape_of(other) != layer.in) {
        throw input_error("{}its inputs must have one shape, found {} and \"{}\" with {}", where_,
                          to_string(layer.in), name, to_string(shape_of(other)));
      }
      layer.others.push_back(other);
    }
  }

  // Windows of `window` pixels, `stride` apart, that fit into `extent` (padding included).
  int windows(int extent, int window, int stride, const Layer& layer) const {
    if (extent < window) {
      throw input_error("{}a {}x{} window does not fit its input {}: the output would be below 1x1",
                        where_, window, window, to_string(layer.in));
    }
    return (extent - window) / stride + 1;
  }

  void infer(Layer& layer) {
    const LayerSpec& spec = layer.spec;
    layer.out = layer.in;
    switch (spec.kind) {
      case LayerKind::kConv:
        return infer_conv(layer);
      case LayerKind::kMaxPool:
      case LayerKind::kAveragePool: {
        positive(spec.window, "window");
        const int stride =
            positive(layer.spec.stride = spec.stride ? spec.stride : spec.window, "stride");
        layer.out.height = windows(layer.in.height, spec.window, stride, layer);
        layer.out.width = windows(layer.in.width, spec.window, stride, layer);
        return;
      }
      case LayerKind::kGlobalAveragePool:
        layer.out.height = layer.out.width = 1;
        return;
      case LayerKind::kDense:
        return infer_dense(layer);
      case LayerKind::kBatchNorm: {
        const std::vector<int> channels = {layer.in.channels};
        layer.weight = slot(layer, "weight", channels, Initialisation::kOne);
        layer.bias = slot(layer, "bias", channels, Initialisation::kZero);
        layer.mean = slot(layer, "running_mean", channels, Initialisation::kZero, 1, 1, false);
        layer.variance = slot(layer, "running_var", channels, Initialisation::kOne, 1, 1, false);
        return;
      }
      case LayerKind::kDropout:
        if (!(spec.rate >= 0.0 && spec.rate < 1.0)) {
          throw input_error("{}rate: expected 0 <= rate < 1, found {}", where_, spec.rate);
        }
        return;
      case LayerKind::kFlatten:
        layer.out = {1, 1, narrow<int>(layer.in.size())};
        return;
      case LayerKind::kMixture:
        if (layer.in.height != 1 || layer.in.width != 1) {
          throw input_error("{}expected logits, found {}", where_, to_string(layer.in));
        }
        return;
      case LayerKind::kAdd:
      case LayerKind::kRelu:
        return;
    }
  }

  void infer_conv(Layer& layer) {
    LayerSpec& spec = layer.spec;
    const int kernel = positive(spec.kernel, "kernel");
    if (kernel > kMaxKernel) {
      throw input_error("{}kernel: expected 1 to {}, found {}", where_, kMaxKernel, kernel);
    }
    const int stride = positive(spec.stride = spec.stride ? spec.stride : 1, "stride");
    positive(spec.filters, "filters");
    if (spec.padding == PaddingRule::kSame) {
      const auto total = [&](int extent) {
        return std::max(((extent - 1) / stride) * stride + kernel - extent, 0);
      };
      const int vertical = total(layer.in.height), horizontal = total(layer.in.width);
      layer.padding = {vertical / 2, vertical - vertical / 2, horizontal / 2,
                       horizontal - horizontal / 2};
    }
    const Padding& pad = layer.padding;
    layer.out.height = windows(layer.in.height + pad.top + pad.bottom, kernel, stride, layer);
    layer.out.width = windows(layer.in.width + pad.left + pad.right, kernel, stride, layer);
    layer.out.channels = spec.filters;
    const int area = kernel * kernel;
    layer.weight =
        slot(layer, "weight", {kernel, kernel, layer.in.channels, spec.filters},
             Initialisation::kHe, int64_t{area} * layer.in.channels, area * spec.filters);
    layer.products = at(net_.slots, layer.weight).fan_in;
    if (spec.bias) layer.bias = slot(layer, "bias", {spec.filters}, Initialisation::kZero);
  }

  void infer_dense(Layer& layer) {
    const int units = positive(layer.spec.units, "units");
    if (layer.in.height != 1 || layer.in.width != 1) {
      throw input_error("{}expected a flat input, found {}: put {{ type = \"flatten\" }} before it",
                        where_, to_string(layer.in));
    }
    layer.out = {1, 1, units};
    layer.weight = slot(layer, "weight", {layer.in.channels, units}, Initialisation::kFanIn,
                        layer.in.channels, units);
    layer.products = layer.in.channels;
    if (layer.spec.bias) layer.bias = slot(layer, "bias", {units}, Initialisation::kZero);
  }

  // Trainable slots first, so that the optimiser sweeps one contiguous range. What gives logits
  // feeds no rectifier: Glorot.
  void lay_out_slots() {
    for (const int index : net_.logit_layers()) {
      const Layer& layer = at(net_.layers, index);
      if (layer.products > 0) at(net_.slots, layer.weight).initialisation = Initialisation::kGlorot;
    }
    for (const bool trainable : {true, false}) {
      for (ParameterSlot& slot : net_.slots) {
        if (slot.trainable != trainable) continue;
        slot.offset = net_.parameter_floats;
        net_.parameter_floats += (slot.size + kSlotAlignment - 1) / kSlotAlignment * kSlotAlignment;
      }
      if (trainable) net_.trainable_floats = net_.parameter_floats;
    }
  }

  Architecture& net_;
  std::string_view source_;
  std::string where_;
  std::map<std::string, int, std::less<>> names_;
  int64_t parameters_ = 0, values_ = 0;  // so far
};

}  // namespace

std::string to_string(const Shape& shape) {
  return fmt::format("{}x{}x{}", shape.height, shape.width, shape.channels);
}

std::string_view kind_name(LayerKind kind) { return names_of(kind).type; }

void infer_shapes(Architecture& net, const std::vector<LayerSpec>& specs, std::string_view source) {
  Builder builder(net, source);
  for (const LayerSpec& spec : specs) builder.add(spec);
  builder.finish();
}

size_t Architecture::parameter_count() const {
  size_t count = 0;
  for (const ParameterSlot& slot : slots) count += slot.size;
  return count;
}

std::vector<int> Architecture::logit_layers() const {
  std::vector<int> found, open{count_of(layers) - 1};
  while (!open.empty()) {
    const int index = open.back();
    open.pop_back();
    if (index < 0) continue;
    const Layer& layer = at(layers, index);
    if (layer.spec.kind != LayerKind::kMixture) {
      found.push_back(index);
      continue;
    }
    open.insert(open.end(), layer.others.rbegin(), layer.others.rend());
    open.push_back(layer.input);
  }
  return found;
}

double Architecture::flops() const {
  double total = 0;
  for (const Layer& layer : layers) total += layer.flops();
  return total;
}

}  // namespace inkling

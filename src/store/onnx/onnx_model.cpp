#include "store/onnx/onnx_model.h"

#include <cmath>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/index.h"
#include "base/json.h"
#include "base/to_float.h"
#include "nn/steps/norm_statistics.h"
#include "store/onnx/onnx_graph.h"

namespace inkling {
namespace {

constexpr int kIrVersion = 8;  // the newest of opset 17

// Weights [kernel, kernel, in, out] as ONNX has them, [out, in, kernel, kernel].
std::vector<float> outputs_first(std::span<const float> weight, int area, int in, int out) {
  std::vector<float> turned(weight.size());
  for (int pixel = 0; pixel < area; ++pixel) {
    for (int i = 0; i < in; ++i) {
      for (int o = 0; o < out; ++o) {
        at(turned, (o * in + i) * area + pixel) = at(weight, (pixel * in + i) * out + o);
      }
    }
  }
  return turned;
}

// Layer by layer. The value behind a layer is called after it, "conv1/out": no layer can have the
// name of an input or output of the graph.
class Exporter {
 public:
  Exporter(const Model& model, OnnxInterface interface, onnx::GraphProto& graph)
      : model_(model), net_(*model.net), interface_(interface), graph_(graph) {}

  void run() {
    const bool pixel_values = interface_ == OnnxInterface::kPixelValues;
    input_ = pixel_values ? normalised_pixel_values() : normalised_image();
    for (int i = 0; i < layers(); ++i) values_.push_back(emit(i));
    graph_.rename(values_.back().name, "logits");
    graph_.output("logits", {net_.classes});
    if (pixel_values) return;
    graph_.node("Softmax", {"logits"}, "probabilities", {{"axis", 1}});
    graph_.output("probabilities", {net_.classes});
  }

 private:
  struct Value {
    std::string name;
    bool flat = false;  // [N, C], else [N, C, H, W]
  };

  int layers() const { return count_of(net_.layers); }
  const Layer& layer(int index) const { return at(net_.layers, index); }
  const Value& value(int layer) const { return layer < 0 ? input_ : at(values_, layer); }
  std::span<const float> slot(int index) const { return model_.parameters.slot(index); }

  Value normalised_image() {
    const Shape& input = net_.input;
    graph_.input("image", {input.channels, input.height, input.width});
    const float mean = to_float(model_.normalisation.mean);
    const float divisor = to_float(model_.normalisation.divisor());
    graph_.node("Sub", {"image", graph_.constant("input/mean", {}, {&mean, 1})}, "input/centred");
    return {graph_.node("Div",
                        {"input/centred", graph_.constant("input/deviation", {}, {&divisor, 1})},
                        "input/out")};
  }

  // A convolution with a window of one pixel: grey, or each colour for itself, less the mean, over
  // the deviation.
  Value normalised_pixel_values() {
    constexpr double kGrey[] = {0.299, 0.587, 0.114};
    const Shape& input = net_.input;
    if (input.channels != 1 && input.channels != 3) {
      throw input_error("{}: expected a network for grey or colour images, found {} channels",
                        net_.name, input.channels);
    }
    graph_.input("pixel_values", {3, input.height, input.width});
    const double divisor = model_.normalisation.divisor();
    std::vector<float> weight;
    for (int out = 0; out < input.channels; ++out) {
      for (int in = 0; in < 3; ++in) {
        const double part = input.channels == 1 ? at(kGrey, in) : out == in ? 1 : 0;
        weight.push_back(to_float(part / divisor));
      }
    }
    const std::vector<float> bias(narrow<size_t>(input.channels),
                                  to_float(-model_.normalisation.mean / divisor));
    return {graph_.node(
        "Conv",
        {"pixel_values", graph_.constant("input/weight", {input.channels, 3, 1, 1}, weight),
         graph_.constant("input/bias", {input.channels}, bias)},
        "input/out", {{"kernel_shape", std::vector<int>{1, 1}}})};
  }

  Value emit(int index) {
    const Layer& l = layer(index);
    const Value& x = value(l.input);
    const std::string out = l.spec.name + "/out";
    switch (l.spec.kind) {
      case LayerKind::kConv:
        return convolution(index, out);
      case LayerKind::kBatchNorm:
        if (is_folded(index)) return x;
        return {graph_.node(
                    "BatchNormalization",
                    {x.name, vector(l.weight), vector(l.bias), vector(l.mean), vector(l.variance)},
                    out, {{"epsilon", kBatchNormEpsilon}}),
                x.flat};
      case LayerKind::kRelu:
        return {graph_.node("Relu", {x.name}, out), x.flat};
      case LayerKind::kMaxPool:
      case LayerKind::kAveragePool:
        return pool(l, pixels(l.input), out);
      case LayerKind::kGlobalAveragePool:
        return {graph_.node("GlobalAveragePool", {pixels(l.input)}, out)};
      case LayerKind::kDense:
        return dense(l, out);
      case LayerKind::kDropout:
        return x;
      case LayerKind::kFlatten:
        return {flat(l.input), true};
      case LayerKind::kAdd:
        return sum(l, out);
      case LayerKind::kMixture:
        break;
    }
    return {mixture(l, out), true};
  }

  // A norm right behind a convolution that nothing else reads.
  bool is_folded(int index) const {
    const Layer& norm = layer(index);
    if (norm.input < 0 || layer(norm.input).spec.kind != LayerKind::kConv) return false;
    ptrdiff_t readers = 0;
    for (const Layer& l : net_.layers) readers += l.reads(norm.input);
    return readers == 1;
  }
  const Layer* norm_of(int conv) const {
    for (int i = conv + 1; i < layers(); ++i) {
      if (layer(i).spec.kind == LayerKind::kBatchNorm && layer(i).input == conv && is_folded(i)) {
        return &layer(i);
      }
    }
    return nullptr;
  }

  std::string vector(int slot) {
    const auto values = this->slot(slot);
    return graph_.constant(at(net_.slots, slot).name, {std::ssize(values)}, values);
  }

  Value convolution(int index, const std::string& out) {
    const Layer& l = layer(index);
    const int kernel = l.spec.kernel, area = kernel * kernel;
    std::vector<float> weight(slot(l.weight).begin(), slot(l.weight).end());
    std::vector<float> bias(narrow<size_t>(l.out.channels), 0);
    if (l.bias >= 0) bias.assign(slot(l.bias).begin(), slot(l.bias).end());
    const Layer* norm = norm_of(index);
    if (norm) {
      fold_batch_norm(model_.parameters, *norm, slot(l.weight).data(), count_of(weight),
                      model_.parameters.data(l.bias), weight.data(), bias.data());
    }
    std::vector<std::string> inputs{
        pixels(l.input),
        graph_.constant(l.spec.name + ".weight", {l.out.channels, l.in.channels, kernel, kernel},
                        outputs_first(weight, area, l.in.channels, l.out.channels))};
    if (l.bias >= 0 || norm) {
      inputs.push_back(graph_.constant(l.spec.name + ".bias", {l.out.channels}, bias));
    }
    const Padding& pad = l.padding;
    return {graph_.node("Conv", inputs, out,
                        {{"kernel_shape", std::vector<int>{kernel, kernel}},
                         {"strides", std::vector<int>{l.spec.stride, l.spec.stride}},
                         {"pads", std::vector<int>{pad.top, pad.left, pad.bottom, pad.right}}})};
  }

  Value pool(const Layer& l, const std::string& x, const std::string& out) {
    const bool max = l.spec.kind == LayerKind::kMaxPool;
    return {graph_.node(max ? "MaxPool" : "AveragePool", {x}, out,
                        {{"kernel_shape", std::vector<int>{l.spec.window, l.spec.window}},
                         {"strides", std::vector<int>{l.spec.stride, l.spec.stride}}})};
  }

  Value dense(const Layer& l, const std::string& out) {
    std::vector<std::string> inputs{
        flat(l.input),
        graph_.constant(l.spec.name + ".weight", {l.in.channels, l.out.channels}, slot(l.weight))};
    if (l.bias >= 0) inputs.push_back(vector(l.bias));
    return {graph_.node("Gemm", inputs, out), true};
  }

  Value sum(const Layer& l, const std::string& out) {
    const int other = l.others.front();
    if (value(l.input).flat && value(other).flat) {
      return {graph_.node("Add", {value(l.input).name, value(other).name}, out), true};
    }
    return {graph_.node("Add", {pixels(l.input), pixels(other)}, out)};
  }

  // ln of the mean of the members' probabilities, from their logarithms: small ones stay apart from
  // zero.
  std::string mixture(const Layer& l, const std::string& out) {
    const std::string& name = l.spec.name;
    const int64_t axis[] = {1};
    const std::string axes = graph_.constant(name + "/axes", axis);
    std::vector<int> members{l.input};
    members.insert(members.end(), l.others.begin(), l.others.end());
    std::vector<std::string> logs;
    for (const int member : members) {
      const std::string stem = fmt::format("{}/{}", name, logs.size());
      const std::string log =
          graph_.node("LogSoftmax", {flat(member)}, stem + "/log", {{"axis", 1}});
      logs.push_back(graph_.node("Unsqueeze", {log, axes}, stem + "/row"));
    }
    const std::string all = graph_.node("Concat", logs, name + "/all", {{"axis", 1}});
    const std::string sum = graph_.node("ReduceLogSumExp", {all}, name + "/sum",
                                        {{"axes", std::vector<int>{1}}, {"keepdims", 0}});
    const float log_members = std::log(static_cast<float>(members.size()));
    return graph_.node("Sub", {sum, graph_.constant(name + "/log_members", {}, {&log_members, 1})},
                       out);
  }

  // As [N, H*W*C] in the order of Inkling's weights, channels last.
  std::string flat(int layer) {
    const Value x = value(layer);
    if (x.flat) return x.name;
    const Shape& shape = layer < 0 ? net_.input : this->layer(layer).out;
    const std::string stem = name_of(layer);
    std::string ordered = x.name;
    if (shape.channels > 1 && shape.height * shape.width > 1) {
      ordered = once("Transpose", x.name, stem + "/channels_last",
                     {{"perm", std::vector<int>{0, 2, 3, 1}}});
    }
    return once("Flatten", ordered, stem + "/flat", {{"axis", 1}});
  }

  // As [N, C, H, W]: what is flat has one pixel.
  std::string pixels(int layer) {
    const Value x = value(layer);
    if (!x.flat) return x.name;
    const std::string stem = name_of(layer);
    const int channels = layer < 0 ? net_.input.channels : this->layer(layer).out.channels;
    if (made_.contains(stem + "/pixels")) return stem + "/pixels";
    made_.insert(stem + "/pixels");
    const int64_t dims[] = {-1, channels, 1, 1};
    return graph_.node("Reshape", {x.name, graph_.constant(stem + "/dims", dims)},
                       stem + "/pixels");
  }

  std::string name_of(int index) const {
    return index < 0 ? std::string("input") : layer(index).spec.name;
  }

  // A node that several layers may want.
  std::string once(std::string_view operation, const std::string& x, const std::string& out,
                   std::initializer_list<OnnxGraph::Attribute> attributes) {
    if (!made_.insert(out).second) return out;
    return graph_.node(operation, {x}, out, attributes);
  }

  const Model& model_;
  const Architecture& net_;
  OnnxInterface interface_;
  OnnxGraph graph_;
  Value input_;
  std::vector<Value> values_;  // behind each layer
  std::set<std::string> made_;
};

}  // namespace

std::vector<uint8_t> encode_onnx(const Model& model, const OnnxOptions& options) {
  if (options.opset < kOldestOpset || options.opset > kNewestOpset) {
    throw usage_error("opset: expected {} to {}, found {}", kOldestOpset, kNewestOpset,
                      options.opset);
  }
  onnx::ModelProto file;
  file.set_ir_version(kIrVersion);
  file.set_producer_name("inkling");
  file.set_producer_version(INKLING_VERSION);
  onnx::OperatorSetIdProto& operators = *file.add_opset_import();
  operators.set_domain("");
  operators.set_version(options.opset);
  file.mutable_graph()->set_name(model.net->name);
  Exporter(model, options.interface, *file.mutable_graph()).run();
  std::map<std::string, std::string> notes = model.notes;
  notes.erase("format");
  notes["class_names"] = json_text(nlohmann::json(model.class_names));
  notes["inkling_version"] = INKLING_VERSION;
  notes["network"] = model.net->text;
  for (const auto& [key, value] : notes) {
    onnx::StringStringEntryProto& entry = *file.add_metadata_props();
    entry.set_key(key);
    entry.set_value(value);
  }
  std::vector<uint8_t> bytes(file.ByteSizeLong());
  file.SerializeToArray(bytes.data(), narrow<int>(std::ssize(bytes)));
  return bytes;
}

}  // namespace inkling

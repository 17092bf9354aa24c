// A network as data: what its layers are and, once checked, what shapes flow between them, which
// parameters they own and what they cost. Not how it is computed: that is network.h.
//
//   Architecture cnn = parse_architecture(text, "mine.toml");   // or zoo_architecture("cnn3")
//   cnn.parameter_count();  // 905418
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace inkling {

// One image, channels last.
struct Shape {
  int height = 1, width = 1, channels = 1;
  size_t size() const { return size_t(height) * size_t(width) * size_t(channels); }
  friend bool operator==(const Shape&, const Shape&) = default;
};

std::string to_string(const Shape& shape);  // "28x28x1"

enum class LayerKind {
  kConv,
  kBatchNorm,
  kRelu,
  kMaxPool,
  kAveragePool,
  kGlobalAveragePool,
  kDense,
  kDropout,
  kFlatten,
  kAdd,
  kMixture,
};

std::string_view kind_name(LayerKind kind);  // as written in a network file: "conv", "batch_norm"

inline constexpr int kMaxKernel = 63;  // side of a convolution's window

enum class Initialisation { kHe, kGlorot, kFanIn, kZero, kOne };

// What the network file says of one layer; defaults are the file's.
struct LayerSpec {
  LayerKind kind = LayerKind::kRelu;
  std::string name;               // unique; "conv1" where the file gives none
  std::string from;               // layer whose output it reads; empty: the one before
  std::vector<std::string> with;  // add: the other summand; mixture: the other members
  int filters = 0;                // conv: output channels
  int units = 0;                  // dense: outputs
  int kernel = 3;                 // conv: side of the window
  int window = 2;                 // pooling: side of the window
  int stride = 0;                 // 0: 1 for conv, the window for pooling
  bool same =
      false;  // conv: pad so that out = ceil(in / stride), as TensorFlow's and ONNX's SAME_UPPER
  bool bias = true;
  bool apart = false;  // mixture: in training each member follows a loss of its own, not the mean's
  double rate = 0.5;   // dropout: share dropped
  int line = 0;        // in the file, for messages
};

// A named block of the parameter array.
struct ParameterSlot {
  std::string name;       // "conv1.weight"
  std::vector<int> dims;  // conv [kernel, kernel, in, out]; dense [in, out]; the rest [channels]
  size_t offset = 0;      // floats from the start of the array; a multiple of 16
  size_t size = 0;
  bool trainable = true;  // batch norm's moving statistics are not
  Initialisation initialisation = Initialisation::kZero;
  int fan_in = 1, fan_out = 1;
};

struct Padding {
  int top = 0, bottom = 0, left = 0, right = 0;
};

// A layer in place: where it reads, what shapes, which parameters.
struct Layer {
  LayerSpec spec;
  int input = -1;           // index of the layer it reads; -1: the network's input
  std::vector<int> others;  // add: the second summand; mixture: the members but the first
  Shape in, out;
  Padding padding;  // conv
  // Indices into Architecture::slots, -1 where the layer has none.
  int weight = -1, bias = -1;    // conv, dense; batch norm's scale and shift
  int mean = -1, variance = -1;  // batch norm's moving statistics

  // How many times it reads that layer's output; -1: the network's input.
  int reads(int layer) const {
    return (input == layer) + static_cast<int>(std::ranges::count(others, layer));
  }
};

struct Architecture {
  std::string name;
  std::string text;  // the network file it came from, word for word
  Shape input;
  int classes = 0;
  std::vector<Layer> layers;         // each reads only earlier ones; the last gives the logits
  std::vector<ParameterSlot> slots;  // trainable ones first
  size_t parameter_floats = 0;       // length of the parameter array, gaps between slots included
  size_t trainable_floats = 0;       // length of its trainable head

  // Numbers in all slots, batch norm's moving statistics included.
  size_t parameter_count() const;
  // The layers whose outputs are logits, as indices: the last, or in place of a mixture its members
  // in their order, and so on within those. The network's input is none.
  std::vector<int> logit_layers() const;
  // Of one image through inference: two for each multiply-add of convolutions and dense layers.
  double flops() const;
};

// Reads a network file (TOML). Throws Error naming file, line, layer and shapes if it is not one,
// if the shapes cannot be, or if the network is absurdly large (4,096 layers, 2^28 parameters, 2^24
// values an image in all layers together): "net.toml:7: layer 4 (max_pool \"pool2\"): ...".
Architecture parse_architecture(std::string_view text, std::string_view source);

// The network file of layers with these specs, for parse_architecture. Of a spec what its kind does
// not use is left out.
std::string architecture_text(std::string_view name, const Shape& input, int classes,
                              std::span<const LayerSpec> specs);

}  // namespace inkling

// A network as data: what its layers are and, once checked, what shapes flow between them, which
// parameters they own and what they cost. Not how it is computed: that is network.h.
//
//   Architecture cnn = parse_architecture(text, "mine.toml");   // or zoo_architecture("cnn3")
//   cnn.parameter_count();  // 905418
//
// Plain data: any number of threads may read one. The functions may be called from any thread.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/index.h"

namespace inkling {

// One image, channels last.
struct Shape {
  int height = 1, width = 1, channels = 1;
  size_t size() const { return static_cast<size_t>(int64_t{height} * width * channels); }
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

inline constexpr int kMaxSide = 4096;  // of images, and channels: far past any use
inline constexpr int kMaxKernel = 63;  // side of a convolution's window

// "same": a convolution pads so that out = ceil(in / stride), as TensorFlow's and ONNX's
// SAME_UPPER.
enum class PaddingRule { kValid, kSame };

enum class Initialisation { kHe, kGlorot, kFanIn, kZero, kOne };

// What the network file says of one layer; defaults are the file's.
struct LayerSpec {
  LayerKind kind = LayerKind::kRelu;
  std::string name;                           // unique; "conv1" where the file gives none
  std::string from;                           // layer whose output it reads; empty: the one before
  std::vector<std::string> with;              // add: the other summand; mixture: the other members
  int filters = 0;                            // conv: output channels
  int units = 0;                              // dense: outputs
  int kernel = 3;                             // conv: side of the window
  int window = 2;                             // pooling: side of the window
  int stride = 0;                             // 0: 1 for conv, the window for pooling
  PaddingRule padding = PaddingRule::kValid;  // conv
  bool bias = true;
  bool apart = false;  // mixture: in training each member follows a loss of its own, not the mean's
  double rate = 0.5;   // dropout: fraction dropped
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
  int products = 0;              // conv, dense: summed into each output

  // How many times it reads that layer's output; -1: the network's input.
  ptrdiff_t reads(int layer) const { return (input == layer) + std::ranges::count(others, layer); }
  // Of one image through inference: two for each product.
  double flops() const { return 2.0 * products * static_cast<double>(out.size()); }
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
  double flops() const;  // the sum of the layers'
  // Where a slot begins in an array laid out as the parameters are; null for -1, no slot.
  template <typename T>
  T* find_slot(T* array, int slot) const {
    return slot < 0 ? nullptr : array + at(slots, slot).offset;
  }
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

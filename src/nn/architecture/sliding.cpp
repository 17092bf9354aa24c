#include "nn/architecture/sliding.h"

#include "base/error.h"
#include "nn/architecture/infer_shapes.h"

namespace inkling {
namespace {

// Windows that fit side by side into so many pixels, those of all layers one upon the other.
int places(int side, std::span<const LayerSpec> specs) {
  for (const LayerSpec& spec : specs) {
    const bool pools = spec.kind == LayerKind::kMaxPool || spec.kind == LayerKind::kAveragePool;
    if (!pools && spec.kind != LayerKind::kConv) continue;
    const int window = pools ? spec.window : spec.kernel;
    if (side < window) return 0;
    side = (side - window) / spec.stride + 1;
  }
  return side;
}

bool slides(const Layer& layer) {
  switch (layer.spec.kind) {
    case LayerKind::kConv:
      return layer.spec.padding == PaddingRule::kValid;
    case LayerKind::kFlatten:
      return layer.in.height == 1 && layer.in.width == 1;
    case LayerKind::kGlobalAveragePool:
    case LayerKind::kAdd:
    case LayerKind::kMixture:
      return false;
    default:
      return true;
  }
}

}  // namespace

Architecture sliding_architecture(const Architecture& window, int height, int width) {
  std::vector<LayerSpec> specs;
  for (int i = 0; i < count_of(window.layers); ++i) {
    const Layer& layer = at(window.layers, i);
    const bool last = i + 1 == count_of(window.layers);
    if (!slides(layer) || layer.input != i - 1 || (layer.spec.kind == LayerKind::kDense) != last) {
      throw input_error(
          "{}: layer \"{}\": expected a chain of unpadded convolutions, pools and activations "
          "that leaves one pixel of the window to a dense layer, so that it can slide",
          window.name, layer.spec.name);
    }
    const bool changes =
        layer.spec.kind != LayerKind::kFlatten && layer.spec.kind != LayerKind::kDropout;
    if (changes) specs.push_back(layer.spec);
    specs.back().from.clear();
  }
  LayerSpec& logits = specs.back();  // of one pixel a dense layer is a convolution
  logits.kind = LayerKind::kConv;
  logits.filters = window.classes;
  logits.kernel = logits.stride = 1;
  LayerSpec flat;
  flat.kind = LayerKind::kFlatten;
  flat.name = logits.name + "_flat";
  specs.push_back(flat);
  Architecture net;
  net.name = window.name;
  net.input = {height, width, window.input.channels};
  net.classes = places(height, specs) * places(width, specs) * window.classes;
  infer_shapes(net, specs, window.name);
  return net;
}

}  // namespace inkling

#include "eval/explain/filters.h"

#include <algorithm>

#include "base/check.h"

namespace inkling {

Filters first_layer_filters(const Architecture& net, const Parameters& parameters) {
  const auto layer = std::ranges::find_if(net.layers, [](const Layer& each) {
    return each.spec.kind == LayerKind::kConv || each.spec.kind == LayerKind::kDense;
  });
  INKLING_CHECK(layer != net.layers.end());
  Filters filters;
  filters.convolution = layer->spec.kind == LayerKind::kConv;
  // A dense layer behind flatten reads the image as it lies in memory.
  const Shape shape = filters.convolution
                          ? Shape{layer->spec.kernel, layer->spec.kernel, layer->in.channels}
                      : layer->in.size() == net.input.size() ? net.input
                                                             : layer->in;
  filters.height = shape.height;
  filters.width = shape.width;
  filters.channels = shape.channels;
  const std::span<const float> weights = parameters.slot(layer->weight);  // [..., filters]
  const size_t count = weights.size() / shape.size();
  filters.weights.resize(count, std::vector<float>(shape.size()));
  for (size_t i = 0; i < weights.size(); ++i) filters.weights[i % count][i / count] = weights[i];
  return filters;
}

}  // namespace inkling

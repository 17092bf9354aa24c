// The weights of a network's first layer as pictures: what the network looks for in the raw image.
#pragma once

#include <vector>

#include "nn/parameters.h"

namespace inkling {

struct Filters {
  int height = 0, width = 0, channels = 1;  // of one filter
  std::vector<std::vector<float>> weights;  // [filters] of [height, width, channels]
  bool convolution = true;  // else a dense layer's: a filter a unit, of the image's size
};

// Of the first convolution or dense layer. The caller owes a network that has one.
Filters first_layer_filters(const Architecture& net, const Parameters& parameters);

}  // namespace inkling

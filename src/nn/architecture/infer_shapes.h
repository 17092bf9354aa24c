// Internal to nn: fills layers, shapes and slots of an Architecture whose name, input and classes
// are set. Throws Error, naming `source`, line, layer and shapes, where they cannot be.
#pragma once

#include <string_view>
#include <vector>

#include "nn/architecture/architecture.h"

namespace inkling {

void infer_shapes(Architecture& net, const std::vector<LayerSpec>& specs, std::string_view source);

}  // namespace inkling

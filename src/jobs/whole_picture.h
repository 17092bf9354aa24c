// A complete picture file as a network's input: of exactly its size, light ink on dark ground.
#pragma once

#include <string>

#include "data/dataset.h"
#include "nn/architecture/architecture.h"

namespace inkling {

// A dataset of one image, with 0 in place of a label. Throws Error naming the file if it is not a
// picture or not of the network's input size.
Dataset whole_picture(const std::string& file, const Architecture& net);

}  // namespace inkling

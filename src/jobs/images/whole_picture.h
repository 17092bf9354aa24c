// A complete picture file as a network's input: of exactly its size, light ink on dark ground.
#pragma once

#include <string>

#include "data/dataset.h"
#include "nn/architecture/architecture.h"

namespace inkling {

// An unlabelled dataset of one image. Throws Error naming the file if it is not a picture or has
// another size than the network's input.
Dataset whole_picture(const std::string& file, const Architecture& net);

}  // namespace inkling

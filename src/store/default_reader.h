// The reader that comes with Inkling: models/reader/model.safetensors, part of the program.
#pragma once

#include "nn/model.h"

namespace inkling {

// A new copy. Any number of threads may call.
Model default_reader();

}  // namespace inkling

// The engine on which jobs measure how long one image takes on one thread.
#pragma once

#include <string>

#include "nn/engine.h"

namespace inkling {

// Options of an engine with the same kernels on one thread.
inline EngineOptions on_one_thread(const Engine& engine) {
  return {.isa = std::string(engine.kernels().name),
          .precision = std::string(engine.precision()),
          .threads = 1};
}

}  // namespace inkling

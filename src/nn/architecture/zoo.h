// The reference networks, each a network file of zoo/ compiled into the program.
#pragma once

#include <span>
#include <string_view>

#include "nn/architecture/architecture.h"

namespace inkling {

struct ZooEntry {
  std::string_view name;
  std::string_view text;  // the file
};

std::span<const ZooEntry> zoo();  // in the order of docs/design.md's table

// Throws Error, with the nearest name, if there is none of that name.
Architecture zoo_architecture(std::string_view name);

}  // namespace inkling

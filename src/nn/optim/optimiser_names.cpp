// Apart from the optimisers themselves, so that what only names them (recipes) needs no engine.
#include "nn/optim/optimiser.h"

namespace inkling {

std::span<const std::string_view> optimiser_names() {
  static constexpr std::string_view kNames[] = {"sgd", "adam", "adamw", "muon"};
  return kNames;
}

}  // namespace inkling

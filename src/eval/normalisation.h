// Between what `data` measures and what `nn` normalises by: the same two numbers, which neither
// floor may take from the other.
#pragma once

#include "data/pixel_statistics.h"
#include "nn/model.h"

namespace inkling {

inline Normalisation normalisation_of(const PixelStatistics& statistics) {
  return {.mean = statistics.mean, .sd = statistics.sd};
}
inline PixelStatistics statistics_of(const Normalisation& normalisation) {
  return {.mean = normalisation.mean, .sd = normalisation.sd};
}

}  // namespace inkling

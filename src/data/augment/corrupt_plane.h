// Internal to data: the corruptions that are no change of geometry, on one channel.
#pragma once

#include "base/random.h"
#include "data/augment/corrupt.h"
#include "data/plane.h"

namespace inkling {

// strength: 1 … kCorruptionStrengths. The plane may leave 0 … 1; the caller clips.
void corrupt_plane(Plane& plane, Corruption corruption, int strength, Random& random);

}  // namespace inkling

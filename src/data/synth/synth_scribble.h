// What a pen leaves that is neither digit nor letter: loops, hatching, scrawls, crossing lines.
#pragma once

#include "base/random.h"
#include "data/synth/synth_hand.h"
#include "data/synth/synth_pen.h"

namespace inkling {

// About 1 high. Everything comes from the random stream; of the style, the pen alone counts.
PenDrawing write_scribble(const HandStyle& style, Random& random);

}  // namespace inkling

// Ruled lines: long, thin, nearly horizontal runs of ink across the picture, which touch and join
// what is written on them.
#pragma once

#include "recognize/ink.h"

namespace inkling {

// Takes ruled lines out of the ink and numbers its pieces anew. Where a stroke crosses a line, the
// ink is higher than the line is thick, and stays. Whether there were any.
bool erase_rules(Ink& ink);

}  // namespace inkling

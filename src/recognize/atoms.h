// A row of ink cut into atoms: parts small enough that every digit is made of whole ones, wherever
// digits touch. Which atoms make a digit is the lattice's question (lattice.h).
//
// A piece is cut along paths from top to bottom that cross little ink: the cheapest path through
// each column, found by dynamic programming, a step to the side a row at most; of these, the local
// minima.
#pragma once

#include "recognize/ink.h"
#include "recognize/rows.h"

namespace inkling {

// The row's ink, its pieces now the atoms, ordered by the middle of their boxes from the left. All
// else is ground, specks too.
Ink cut_into_atoms(const Ink& ink, const Row& row);

}  // namespace inkling

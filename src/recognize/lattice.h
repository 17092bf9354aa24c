// The lattice of a row: every run of neighbouring atoms that could be one digit is an arc, and the
// best path through them is the row's text. Not the network that scores the arcs (reader.h).
//
// A path explains the row's ink: an arc read as digit d, of score s(d), adds s(d) times its ink,
// and ink that is passed over adds a constant times as much. Paths of different lengths explain the
// same ink and compare without a correction.
#pragma once

#include <span>
#include <vector>

#include "recognize/ink.h"
#include "recognize/rows.h"

namespace inkling {

// Atoms first … last of the row, inclusive.
struct Arc {
  int first = 0, last = 0;
  PixelBox box;
};

// In the order of their first atoms, then of their last.
std::vector<Arc> arcs_of(const Ink& atoms, const Row& row);

struct PathDigit {
  int arc = 0;  // index into the arcs
  int digit = 0;
};

struct BestPath {
  std::vector<PathDigit> digits;  // from the left
  double confidence = 0;          // that the text is right: the part of the sum over all paths that
                                  // those with the same text have
};

// scores: [arcs, digits], the logarithm of the probability that the arc is this digit; skip_score:
// of ink passed over.
BestPath best_path(std::span<const InkPiece> atoms, const Row& row, std::span<const Arc> arcs,
                   std::span<const float> scores, int digits, double skip_score);

}  // namespace inkling

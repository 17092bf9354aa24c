// Which pieces of ink stand in a row. Any number of threads may call.
#pragma once

#include <vector>

#include "recognize/ink.h"

namespace inkling {

inline constexpr int kMostRows = 100, kMostPieces = 3000;

struct Row {
  std::vector<int> pieces;  // of the ink, in ascending order
  double digit_height = 0;  // pixels of the working plane
};

// From the top, at most kMostRows, those with the most ink; of more than kMostPieces pieces the
// largest count, so that a picture of dots takes no longer than a page of digits. A row has at
// least one piece that is about as high as the picture's digits; small pieces go to the nearest
// row. What lies too far from any, frames and the edges of a sheet belong to none.
std::vector<Row> find_rows(const Ink& ink);

}  // namespace inkling

// Grey morphology on byte planes with square windows, in a time that does not depend on the window
// (van Herk 1992, Gil and Werman 1993). Beyond the edge there is nothing: windows are cut there.
#pragma once

#include <cstdint>
#include <vector>

namespace inkling {

struct BytePlane {
  int height = 0, width = 0;
  std::vector<uint8_t> values;  // [height, width]
};

// The least and the greatest value within `reach` pixels along both directions.
BytePlane eroded(const BytePlane& plane, int reach);
BytePlane dilated(const BytePlane& plane, int reach);

// The mean over the same window, rounded.
BytePlane box_mean(const BytePlane& plane, int reach);

}  // namespace inkling

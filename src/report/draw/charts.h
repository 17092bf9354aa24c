// The plain charts: bars by category and lines over a number, as figures.
#pragma once

#include <string>
#include <vector>

#include "report/draw/figure.h"

namespace inkling {

struct Series {
  std::string name;       // in the key; a chart of one series has no key
  std::vector<double> x;  // lines; bars count categories instead
  std::vector<double> y;  // NaN leaves a gap
};

struct Axes {
  std::string x, y;  // what is counted, with the unit
  bool log_y = false;
  bool from_zero = true;  // of y
};

// One group of bars per category, one bar per series. Long category names are slanted.
Figure bar_chart(Figure figure, const std::vector<std::string>& categories,
                 const std::vector<Series>& series, const Axes& axes);

Figure line_chart(Figure figure, const std::vector<Series>& series, const Axes& axes);

}  // namespace inkling

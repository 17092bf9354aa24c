// Figures drawn by a job: why there are none is a warning, not a failure.
#pragma once

#include "jobs/observer.h"
#include "report/draw/figure.h"

namespace inkling {

// Throws Error as FigureSheet::draw does.
inline void draw_figures(const FigureSheet& sheet, JobObserver& observer) {
  if (const std::string trouble = sheet.draw(); !trouble.empty()) observer.warning(trouble);
}

}  // namespace inkling

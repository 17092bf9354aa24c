// Metrics for people, in the layout they know from scikit-learn. Returns text; prints nothing.
#pragma once

#include <span>
#include <string>

#include "eval/metrics/metrics.h"

namespace inkling {

// A line a class with precision, recall, F1 and support; accuracy, macro and weighted average
// below. Classes that occur neither among labels nor predictions have no line. class_names:
// [classes].
std::string classification_report(const Metrics& metrics, std::span<const std::string> class_names);

// Rows are true classes, columns predicted ones, numbers are images.
std::string confusion_table(const Metrics& metrics, std::span<const std::string> class_names);

}  // namespace inkling

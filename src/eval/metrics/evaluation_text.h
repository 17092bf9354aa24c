// An evaluation for people.
#pragma once

#include <span>
#include <string>

#include "eval/metrics/evaluation.h"

namespace inkling {

// Some lines for people: top-k, calibration, selective prediction, confused pairs. class_names:
// [classes]; where they are the ten digits, the pairs people name (4-9, 3-8, 1-7) are looked up.
std::string evaluation_text(const Evaluation& evaluation, std::span<const std::string> class_names);

}  // namespace inkling

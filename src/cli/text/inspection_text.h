// An inspection as people read it in a terminal.
#pragma once

#include <string>

#include "eval/data_report/inspection.h"

namespace inkling {

// A line per split and per class, then the findings.
std::string inspection_text(const Inspection& inspection);
// Only the findings: what is wrong and what to do about it.
std::string findings_text(const Inspection& inspection);

}  // namespace inkling

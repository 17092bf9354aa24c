// An evaluation as people read it in a terminal.
#pragma once

#include <string>

#include "jobs/evaluation/evaluate_run.h"

namespace inkling {

std::string evaluate_text(const EvaluateResult& result);

}  // namespace inkling

// One look at a data set from its splits to files: what `inspect` does, and `pipeline` before it
// trains.
#pragma once

#include <filesystem>

#include "data/dataset.h"
#include "eval/data_report/inspection.h"
#include "nn/engine.h"

namespace inkling {

struct InspectionJob {
  std::filesystem::path out;  // gets inspect.json and figures/
  bool suspects = true;       // trains a few small networks for them
};

// Progress goes to stderr. Leaves inspect.json whatever becomes of the figures; why there are none
// is said on stderr. Throws Error as the parts do.
Inspection run_inspection(const InspectionJob& job, const Dataset& train, const Dataset& test,
                          Engine& engine);

// To stdout: the summary people read, and only its end, the findings.
void print_inspection(const Inspection& inspection);
void print_findings(const Inspection& inspection);

}  // namespace inkling

// A dataset inspected, with findings and figures as files: what is in it, what is wrong with it,
// and what to do about it.
//
//   Inspection found = inspect_dataset({.out = "runs/data"}, train, test, engine, observer);
#pragma once

#include <filesystem>

#include "data/dataset.h"
#include "eval/data_report/inspection.h"
#include "jobs/observer.h"
#include "nn/engine.h"

namespace inkling {

struct InspectRequest {
  std::filesystem::path out;  // for inspect.json and figures/
  bool suspects = true;       // looked for by training a few small networks
};

// inspect.json is written even if the figures cannot be drawn, which is a warning. Throws Error as
// the parts do, and (interrupted) once cancelled. Threads: observer.h.
Inspection inspect_dataset(const InspectRequest& request, const Dataset& train, const Dataset& test,
                           Engine& engine, JobObserver& observer);

}  // namespace inkling

// What the pipeline found, as people read it in a terminal.
#pragma once

#include <string>

#include "jobs/run_pipeline.h"

namespace inkling {

// One line per model.
std::string pipeline_table(const PipelineResult& result);
// Ten lines about the network chosen on validation images, and where its page is.
std::string pipeline_summary(const PipelineResult& result);

}  // namespace inkling

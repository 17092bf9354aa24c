// What the pipeline found, as people read it in a terminal.
#pragma once

#include <string>

#include "jobs/run_pipeline.h"

namespace inkling {

// A line a model.
std::string pipeline_table(const PipelineResult& result);
// Ten lines on the network that validation chose, and where its page is.
std::string pipeline_summary(const PipelineResult& result);

}  // namespace inkling

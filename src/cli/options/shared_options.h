// Options several commands have, with one spelling and one help text.
#pragma once

#include <string>

#include "cli/command_line.h"
#include "nn/engine.h"

namespace inkling {

void add_engine_options(CommandLine& line, EngineOptions& options);
void add_data_dir_option(CommandLine& line, std::string& data_dir);

}  // namespace inkling

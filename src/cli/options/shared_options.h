// Options several commands have, with one spelling and one help text.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/number_text.h"  // IWYU pragma: export
#include "cli/command_line.h"
#include "nn/engine.h"
#include "store/model_file.h"

namespace inkling {

void add_engine_options(CommandLine& line, EngineOptions& options);
void add_data_dir_option(CommandLine& line, std::string& data_dir);

// A run folder's model file, or the file itself. Throws Error naming what was looked for.
// `option` is what the user gave it as.
std::filesystem::path model_file_of(const std::string& model, std::string_view option = "--model");

}  // namespace inkling

// The options that name images: an ImageSource, spelled the same way by all commands.
//
//   --dataset NAME [--data-dir D]     a named dataset; a known one is fetched if missing
//   --images F --labels F             a pair of IDX files
//   --pictures DIR                    a folder of pictures, one subfolder per class
#pragma once

#include <string_view>

#include "cli/command_line.h"
#include "data/sources/image_source.h"

namespace inkling {

// `otherwise`: shown in the help as the default.
void add_data_options(CommandLine& line, ImageSource& source, std::string_view otherwise);

// Throws usage Error if images are named in more than one way, or --images or --labels alone.
void require_one_source(const ImageSource& source);

}  // namespace inkling

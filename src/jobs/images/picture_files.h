// Which picture files a user means by files, folders, patterns and "-".
#pragma once

#include <span>
#include <string>
#include <vector>

#include "data/formats/picture.h"

namespace inkling {

// Standard input, as the user and its results call it.
inline constexpr const char* kStandardInput = "-";

// A file is taken as it is. A folder gives the files in it and below that are named as pictures are
// (.png, .jpg, ...), by the bytes of their paths, hidden ones excepted. A name with * ? or [ in it
// that is no file gives what it matches, in the same order. What does not exist, matches nothing or
// is a folder without pictures stays in the list: reading it says what is wrong.
std::vector<std::string> picture_files(std::span<const std::string> names);

// The picture in one of these files. Throws Error naming it.
Picture read_picture_or_input(const std::string& file, const DecodeOptions& options = {});

}  // namespace inkling

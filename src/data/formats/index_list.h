// Images of a dataset named in a text file: an index a line, what follows a `#` is a comment.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

namespace inkling {

// In the file's order. Throws Error naming file and line if a line holds anything else, an index
// again, or one that a dataset of so many `images` does not have.
std::vector<uint32_t> read_index_list(const std::filesystem::path& path, size_t images);

}  // namespace inkling

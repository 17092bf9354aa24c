// A checkpoint on disk (train/checkpoint.h), replaced in one rename: a reader finds the old one or
// the new one, complete.
#pragma once

#include <filesystem>
#include <optional>

#include "train/checkpoint.h"

namespace inkling {

// Atomic. Throws Error (system) if it cannot be written; the previous file then stays.
void save_checkpoint(const std::filesystem::path& path, const Checkpoint& checkpoint);

// Nothing if there is no such file. Throws Error naming the file if it is not a checkpoint.
std::optional<Checkpoint> load_checkpoint(const std::filesystem::path& path);

}  // namespace inkling

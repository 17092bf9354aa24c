// A trained model in a file of its own (model_format.h has what is in it).
#pragma once

#include <filesystem>

#include "store/model_format.h"

namespace inkling {

// Atomic. Throws Error where the disk refuses.
void save_model(const std::filesystem::path& path, const Model& model);

// Throws Error, naming the file, if it cannot be read, is longer than 2 GiB, or as load_model of
// its bytes does.
Model load_model(const std::filesystem::path& path);

}  // namespace inkling

// Which file a user means by a model's name. Reading it: model_file.h.
//
//   Model model = load_model(model_file_of("runs/a"));
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace inkling {

// The model's name in every folder that holds one.
inline constexpr const char* kModelFile = "model.safetensors";

// A run folder's model file, or the file itself. Opens nothing. Throws Error (input) naming what
// was looked for; `option` is what the user gave it as.
std::filesystem::path model_file_of(const std::string& model, std::string_view option = "--model");

}  // namespace inkling

// Which model a user means by a name.
//
//   Model model = find_model("runs/a").model;
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "nn/model.h"

namespace inkling {

// The model's name in every folder that holds one.
inline constexpr const char* kModelFile = "model.safetensors";

// The model file of a run folder or a package, the file itself, or one from the network, which is
// fetched (remote/remote_model.h). Opens no other. Throws Error (input) naming what was looked for,
// `option` is what the user gave it as; as fetch_model does.
std::filesystem::path model_file_of(const std::string& model, std::string_view option = "--model");

// The name of the built-in reader (default_reader.h), where no file has it.
inline constexpr const char* kBuiltInReader = "reader";
bool names_built_in_reader(const std::string& model);

struct FoundModel {
  Model model;
  std::filesystem::path file;  // it was read from; of the built-in reader one that does not exist
};

// The built-in reader or what model_file_of names. Throws Error as model_file_of and load_model do.
FoundModel find_model(const std::string& model, std::string_view option = "--model");

}  // namespace inkling

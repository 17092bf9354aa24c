// A trained model as a Hugging Face model repository: a folder that `huggingface_hub` uploads and
// that transformers.js, ONNX Runtime and Inkling run. What is in it and whether it fits together.
//
//   README.md  config.json  preprocessor_config.json  model.safetensors  model.onnx
//   onnx/model.onnx  metrics.json  figures/*.png  example.png  LICENSE  .gitattributes
//
// docs/formats.md describes each file.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "nn/model.h"

namespace inkling {

// As transformers.js wants them: class names by index, a known architecture of which it uses
// nothing but the ONNX file, how a picture becomes the network's input.
nlohmann::ordered_json hub_config(const Model& model);
nlohmann::ordered_json hub_preprocessor(const Model& model);

// Large files that git keeps apart (git-lfs).
std::string_view git_attributes();

// What is wrong with a package, a sentence each, naming the file; nothing: it is sound. Uses no
// network. Throws Error (input) if there is no such folder.
std::vector<std::string> package_faults(const std::filesystem::path& folder);

}  // namespace inkling

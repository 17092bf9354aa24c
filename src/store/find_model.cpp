#include "store/find_model.h"

#include "base/error.h"
#include "store/default_reader.h"
#include "store/model_file.h"
#include "store/remote/remote_model.h"

namespace inkling {

std::filesystem::path model_file_of(const std::string& model, std::string_view option) {
  if (names_remote_model(model)) return fetch_model(model);
  const std::filesystem::path path(model);
  std::error_code code;
  if (!std::filesystem::is_directory(path, code)) {
    if (std::filesystem::exists(path, code)) return path;
    throw input_error("{} {}: expected a run folder or a model file, found nothing there", option,
                      model);
  }
  if (std::filesystem::exists(path / kModelFile, code)) return path / kModelFile;
  throw input_error("{} {}: the folder holds no {}", option, model, kModelFile);
}

bool names_built_in_reader(const std::string& model) {
  std::error_code code;
  return model == kBuiltInReader && !std::filesystem::exists(model, code);
}

FoundModel find_model(const std::string& model, std::string_view option) {
  if (names_built_in_reader(model)) return {default_reader(), "built-in/reader"};
  const std::filesystem::path file = model_file_of(model, option);
  return {load_model(file), file};
}

}  // namespace inkling

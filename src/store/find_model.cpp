#include "store/find_model.h"

#include "base/error.h"

namespace inkling {

std::filesystem::path model_file_of(const std::string& model, std::string_view option) {
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

}  // namespace inkling

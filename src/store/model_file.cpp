#include "store/model_file.h"

#include "sys/file.h"

namespace inkling {
namespace {

constexpr size_t kMaxModelBytes = size_t{1} << 31;

}  // namespace

void save_model(const std::filesystem::path& path, const Model& model) {
  write_file(path, encode_model(model));
}

Model load_model(const std::filesystem::path& path) {
  return load_model(read_file(path, kMaxModelBytes), path.string());
}

}  // namespace inkling

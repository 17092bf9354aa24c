#include "train/run/checkpoint_file.h"

#include <cstdint>
#include <system_error>

#include "sys/file.h"

namespace inkling {
namespace {

constexpr uint64_t kMaxBytes = 1ull << 33;

}  // namespace

void save_checkpoint(const std::filesystem::path& path, const Checkpoint& checkpoint) {
  write_file(path, checkpoint_bytes(checkpoint));
}

std::optional<Checkpoint> load_checkpoint(const std::filesystem::path& path) {
  std::error_code code;
  if (!std::filesystem::exists(path, code)) return std::nullopt;
  return parse_checkpoint(read_file(path, kMaxBytes), path.string());
}

}  // namespace inkling

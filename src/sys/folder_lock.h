// One process at a time in a folder: held from construction to destruction, freed by the system if
// the process dies. Leaves no file behind (flock on the folder itself).
#pragma once

#include <filesystem>
#include <optional>
#include <utility>

namespace inkling {

class FolderLock {
 public:
  // Waits for whoever holds it. Throws Error (system) if the folder cannot be opened, Error
  // (interrupted) on Ctrl-C. On a file system without locks it holds nothing.
  explicit FolderLock(const std::filesystem::path& folder);
  // Does not wait: nothing where somebody else holds it.
  static std::optional<FolderLock> if_free(const std::filesystem::path& folder);
  ~FolderLock();
  FolderLock(FolderLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  FolderLock& operator=(FolderLock&&) = delete;

 private:
  explicit FolderLock(int fd) : fd_(fd) {}
  int fd_;  // of the folder; -1: moved from
};

}  // namespace inkling

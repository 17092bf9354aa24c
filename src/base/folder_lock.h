// One process at a time in a folder: held from construction to destruction, freed by the system if
// the process dies. Leaves no file behind (flock on the folder itself).
#pragma once

#include <filesystem>

namespace inkling {

class FolderLock {
 public:
  // Waits for whoever holds it. Throws Error (system) if the folder cannot be opened, Error
  // (interrupted) on Ctrl-C. On a file system without locks it holds nothing.
  explicit FolderLock(const std::filesystem::path& folder);
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  int fd_;
};

}  // namespace inkling

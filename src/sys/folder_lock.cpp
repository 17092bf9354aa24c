#include "sys/folder_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>

#include "base/error.h"
#include "sys/interrupt.h"

namespace inkling {
namespace {

int open_folder(const std::filesystem::path& folder) {
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) throw system_error("cannot open {}: {}", folder.string(), std::strerror(errno));
  return fd;
}

// Not where the file system has no locks.
bool is_held_elsewhere(int fd) {
  int failed = 0;
  do {
    failed = ::flock(fd, LOCK_EX | LOCK_NB);
  } while (failed != 0 && errno == EINTR);
  return failed != 0 && errno == EWOULDBLOCK;
}

}  // namespace

FolderLock::FolderLock(const std::filesystem::path& folder) : FolderLock(open_folder(folder)) {
  while (is_held_elsewhere(fd_)) {
    if (interrupted()) {
      throw Error(ErrorKind::kInterrupted,
                  fmt::format("interrupted while another process works in {}", folder.string()));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
}

std::optional<FolderLock> FolderLock::if_free(const std::filesystem::path& folder) {
  FolderLock lock(open_folder(folder));
  if (is_held_elsewhere(lock.fd_)) return std::nullopt;
  return lock;
}

FolderLock::~FolderLock() {
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace inkling

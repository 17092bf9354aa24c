#include "sys/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <utility>

#include "base/error.h"

namespace inkling {
namespace {

class FileDescriptor {
 public:
  FileDescriptor(const char* path, int flags) : fd_(::open(path, flags | O_CLOEXEC, 0644)) {}
  ~FileDescriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  int get() const { return fd_; }
  // Closing may be where a full disk shows (NFS), so its result counts.
  bool close() { return ::close(std::exchange(fd_, -1)) == 0; }

 private:
  int fd_;
};

Error system_failure(std::string_view what, const std::filesystem::path& path) {
  return system_error("cannot {} {}: {}", what, path.string(), std::strerror(errno));
}

// `length` is what the file is said to have; a pipe or a device has none.
std::vector<uint8_t> read_all(int fd, uint64_t length, uint64_t max_bytes,
                              const std::string& source) {
  const auto too_long = [&] {
    return input_error("{}: expected at most {} bytes, found more", source, max_bytes);
  };
  if (length > max_bytes) throw too_long();
  if (length >= SIZE_MAX) throw system_error("{}: not enough memory to read it", source);
  std::vector<uint8_t> bytes(static_cast<size_t>(length) + 1);  // one more, so that the end shows
  size_t filled = 0;
  for (;;) {
    const ssize_t got = ::read(fd, bytes.data() + filled, bytes.size() - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw input_error("cannot read {}: {}", source, std::strerror(errno));
    filled += static_cast<size_t>(got);
    if (filled > max_bytes) throw too_long();
    if (got == 0) break;
    if (filled == bytes.size()) bytes.resize(filled * 2 + (size_t{1} << 16));
  }
  bytes.resize(filled);
  return bytes;
}

bool write_all(int fd, const uint8_t* data, size_t size) {
  while (size > 0) {
    const ssize_t written = ::write(fd, data, size);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    data += written;
    size -= static_cast<size_t>(written);
  }
  return true;
}

// A rename lasts once its folder is on the disk too. A folder that cannot be opened, or that its
// file system does not sync (EINVAL), is left to the system: the name is in place all the same.
bool sync_folder(const std::filesystem::path& folder) {
  FileDescriptor opened(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY);
  return opened.get() < 0 || ::fsync(opened.get()) == 0 || errno == EINVAL;
}

const uint8_t* as_bytes(std::string_view text) {
  return reinterpret_cast<const uint8_t*>(text.data());
}

// The one of stdout and stderr that goes into this file; -1: neither. Replacing the file would take
// what the stream writes from under its name.
int standard_stream(const struct stat& file) {
  for (const int fd : {STDOUT_FILENO, STDERR_FILENO}) {
    struct stat stream {};
    if (::fstat(fd, &stream) == 0 && stream.st_dev == file.st_dev && stream.st_ino == file.st_ino) {
      return fd;
    }
  }
  return -1;
}

// What a symbolic link points to in the end, there or not; the caller knows that it is no loop.
std::filesystem::path behind_links(std::filesystem::path path) {
  std::error_code code;
  while (std::filesystem::is_symlink(path, code)) {
    path = path.parent_path() / std::filesystem::read_symlink(path, code);
  }
  return path;
}

void replace_file(const std::filesystem::path& path, std::span<const uint8_t> bytes) {
  std::filesystem::path beside = path;
  beside += fmt::format(".{}.tmp", ::getpid());
  FileDescriptor file(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC);
  if (file.get() < 0) throw system_failure("write", path);
  const bool written = write_all(file.get(), bytes.data(), bytes.size()) &&
                       ::fsync(file.get()) == 0 && file.close() &&
                       ::rename(beside.c_str(), path.c_str()) == 0 &&
                       sync_folder(path.parent_path());
  if (!written) {
    const Error error = system_failure("write", path);
    ::unlink(beside.c_str());
    throw error;
  }
}

}  // namespace

std::vector<uint8_t> read_file(const std::filesystem::path& path, uint64_t max_bytes) {
  FileDescriptor file(path.c_str(), O_RDONLY);
  struct stat status {};
  if (file.get() < 0 || ::fstat(file.get(), &status) != 0) {
    throw input_error("cannot read {}: {}", path.string(), std::strerror(errno));
  }
  if (S_ISDIR(status.st_mode)) {
    throw input_error("cannot read {}: expected a file, found a folder", path.string());
  }
  return read_all(file.get(), static_cast<uint64_t>(status.st_size), max_bytes, path.string());
}

std::vector<uint8_t> read_stdin(uint64_t max_bytes) {
  return read_all(STDIN_FILENO, 0, max_bytes, "standard input");
}

std::string read_text_file(const std::filesystem::path& path, uint64_t max_bytes) {
  const std::vector<uint8_t> bytes = read_file(path, max_bytes);
  return std::string(bytes.begin(), bytes.end());
}

void write_file(const std::filesystem::path& path, std::span<const uint8_t> bytes) {
  struct stat status {};
  const bool exists = ::stat(path.c_str(), &status) == 0;
  if (!exists && errno != ENOENT) throw system_failure("write", path);
  if (exists && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode)) {
    FileDescriptor special(path.c_str(), O_WRONLY);
    const bool written = special.get() >= 0 &&
                         write_all(special.get(), bytes.data(), bytes.size()) && special.close();
    if (!written) throw system_failure("write", path);
  } else if (const int stream = exists ? standard_stream(status) : -1; stream >= 0) {
    if (!write_all(stream, bytes.data(), bytes.size())) throw system_failure("write", path);
  } else {
    replace_file(behind_links(path), bytes);
  }
}

void write_file(const std::filesystem::path& path, std::string_view text) {
  write_file(path, std::span(as_bytes(text), text.size()));
}

void append_line(const std::filesystem::path& path, std::string_view line) {
  FileDescriptor file(path.c_str(), O_WRONLY | O_CREAT | O_APPEND);
  const std::string text = std::string(line) + '\n';
  const off_t end = file.get() < 0 ? 0 : ::lseek(file.get(), 0, SEEK_END);
  const bool written =
      file.get() >= 0 && write_all(file.get(), as_bytes(text), text.size()) && file.close();
  if (!written) {
    const Error error = system_failure("append to", path);
    if (end >= 0 && file.get() >= 0) (void)!::ftruncate(file.get(), end);  // no half line
    throw error;
  }
}

void make_folder(const std::filesystem::path& path) {
  std::error_code code;
  std::filesystem::create_directories(path, code);
  if (!code && !std::filesystem::is_directory(path))
    code = std::make_error_code(std::errc::not_a_directory);
  if (code) throw system_error("cannot make folder {}: {}", path.string(), code.message());
}

}  // namespace inkling

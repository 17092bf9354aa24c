// The one error type: bad input of any sort (a file, an argument, a request) ends in an Error whose
// message says what, where, expected and found. Not for programmer mistakes: those are CHECKs.
//
//   if (magic != 0x803) throw input_error("{}: expected magic 0x803, found {:#x}", path, magic);
#pragma once

#include <fmt/core.h>

#include <stdexcept>
#include <string>
#include <utility>

namespace inkling {

enum class ErrorKind {
  kUsage,        // the command line or a recipe is wrong
  kInput,        // bytes from outside are not what they should be, or are not there
  kSystem,       // the machine refused: disk full, no permission, out of memory
  kInterrupted,  // the user pressed Ctrl-C
};

class Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, const std::string& message) : std::runtime_error(message), kind_(kind) {}
  ErrorKind kind() const { return kind_; }

 private:
  ErrorKind kind_;
};

template <typename... Args>
Error usage_error(fmt::format_string<Args...> format, Args&&... args) {
  return Error(ErrorKind::kUsage, fmt::format(format, std::forward<Args>(args)...));
}

template <typename... Args>
Error input_error(fmt::format_string<Args...> format, Args&&... args) {
  return Error(ErrorKind::kInput, fmt::format(format, std::forward<Args>(args)...));
}

template <typename... Args>
Error system_error(fmt::format_string<Args...> format, Args&&... args) {
  return Error(ErrorKind::kSystem, fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace inkling

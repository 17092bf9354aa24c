#include "api/status.h"

#include <algorithm>
#include <new>

namespace inkling {
namespace {

thread_local std::string message;

inkling_status failed(inkling_status status, const char* what) noexcept {
  try {
    message = what;
  } catch (const std::bad_alloc&) {  // the status is all there is room for
    message.clear();
  }
  return status;
}

inkling_status status_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kUsage:
      return INKLING_BAD_ARGUMENT;
    case ErrorKind::kInput:
      return INKLING_BAD_INPUT;
    case ErrorKind::kInterrupted:
      return INKLING_STOPPED;
    case ErrorKind::kSystem:
      break;
  }
  return INKLING_SYSTEM_ERROR;
}

}  // namespace

inkling_status status_of_exception() noexcept {
  try {
    throw;
  } catch (const Error& error) {
    return failed(status_of(error.kind()), error.what());
  } catch (const std::bad_alloc&) {
    return failed(INKLING_SYSTEM_ERROR, "not enough memory");
  } catch (const std::exception& error) {
    return failed(INKLING_INTERNAL, error.what());
  } catch (...) {  // nothing may be thrown through C
    return failed(INKLING_INTERNAL, "unknown exception");
  }
}

const char* last_error() noexcept { return message.c_str(); }

void expect_size(const void* given, size_t known, std::string_view what) {
  size_t size = 0;
  std::memcpy(&size, given, sizeof size);
  if (size < known || size > 4096) {
    throw usage_error("{}.size: expected sizeof({}), {}, found {}", what, what, known, size);
  }
  const auto* bytes = static_cast<const unsigned char*>(given);
  if (std::any_of(bytes + known, bytes + size, [](unsigned char byte) { return byte != 0; })) {
    throw usage_error("{}: has fields of a later version than this library's, {}", what,
                      INKLING_VERSION);
  }
}

}  // namespace inkling

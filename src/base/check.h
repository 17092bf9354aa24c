// CHECK(condition): states what the programmer owes. It aborts with file and line; input from
// outside never reaches one (that is an Error's work).
#pragma once

namespace inkling {

[[noreturn]] void check_failed(const char* condition, const char* file, int line) noexcept;

}  // namespace inkling

#define INKLING_CHECK(condition) \
  ((condition) ? static_cast<void>(0) : ::inkling::check_failed(#condition, __FILE__, __LINE__))

// Internal to api: how a call of the C interface ends, and what it owes its caller's structs.
#pragma once

#include <cstddef>
#include <cstring>
#include <string>

#include "base/error.h"
#include "inkling/inkling.h"

namespace inkling {

// Runs the body of a call; what it throws becomes a status and this thread's last error.
template <typename Body>
inkling_status guarded(const Body& body) noexcept;

// The body's exception, being handled.
inkling_status status_of_exception() noexcept;
const char* last_error() noexcept;

template <typename Body>
inkling_status guarded(const Body& body) noexcept {
  try {
    body();
    return INKLING_OK;
  } catch (...) {  // nothing may be thrown through C
    return status_of_exception();
  }
}

// Throws Error (usage) naming what is NULL.
template <typename T>
T& expect_given(T* pointer, std::string_view what) {
  if (pointer == nullptr) throw usage_error("{}: expected a pointer, found NULL", what);
  return *pointer;
}

// Throws Error (usage) if the struct is not as long as its first version, or longer than this
// library's and not zero there: its caller asks for what the library does not know.
void expect_size(const void* given, size_t known, std::string_view what);

// A struct that the caller filled. NULL where that is allowed stands for zeros.
template <typename Struct>
const Struct& given(const Struct* pointer, std::string_view what) {
  expect_given(pointer, what);
  expect_size(pointer, sizeof(Struct), what);
  return *pointer;
}

}  // namespace inkling

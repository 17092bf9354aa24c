// EXPECT_ERROR(statement, kind, "part of the message"): the statement throws an Error of that kind
// whose message holds every given part.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <initializer_list>
#include <string>

#include "base/error.h"

namespace inkling {

template <typename Statement>
void expect_error(Statement&& statement, ErrorKind kind, std::initializer_list<const char*> parts) {
  try {
    statement();
    ADD_FAILURE() << "expected an Error, none was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(static_cast<int>(error.kind()), static_cast<int>(kind)) << error.what();
    for (const char* part : parts) EXPECT_THAT(std::string(error.what()), testing::HasSubstr(part));
  }
}

}  // namespace inkling

#define EXPECT_ERROR(statement, kind, ...)                                    \
  do {                                                                        \
    SCOPED_TRACE(#statement);                                                 \
    ::inkling::expect_error([&] { (void)(statement); }, kind, {__VA_ARGS__}); \
  } while (false)

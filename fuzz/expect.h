// What every target expects of a parser: a value or an Error about the input, whatever the bytes.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "base/error.h"

namespace inkling::fuzz {

// Calls `parse`. An Error must be the input's or, of text people write, their usage; any other
// exception ends the target.
template <typename Parse>
void expect_value_or_error(Parse&& parse) {
  try {
    parse();
  } catch (const Error& error) {
    INKLING_CHECK(error.kind() == ErrorKind::kInput || error.kind() == ErrorKind::kUsage);
  }
}

}  // namespace inkling::fuzz

// The networks that come with Inkling, part of the program: models/reader reads one digit,
// models/locator finds the digits of a row (recognize/locator.h).
#pragma once

#include "nn/model.h"

namespace inkling {

// New copies. Any number of threads may call.
Model default_reader();
Model default_locator();

}  // namespace inkling

// The nearest float, where arithmetic is done in double and its result kept in float.
#pragma once

namespace inkling {

constexpr float to_float(double x) { return static_cast<float>(x); }

}  // namespace inkling

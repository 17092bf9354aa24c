// What a deviation from the mean is divided by.
#pragma once

namespace inkling {

// The standard deviation, or 1 where that is 0: values that are all alike become 0, not NaN.
inline double sd_divisor(double sd) { return sd == 0 ? 1 : sd; }

}  // namespace inkling

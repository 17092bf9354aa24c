// Wilson's score interval for a proportion (Wilson 1927, J. Am. Stat. Assoc. 22:209): unlike the
// textbook p ± z·s it stays within [0, 1] and means something at 0 and 100 %.
#pragma once

#include <cstdint>

namespace inkling {

struct Interval {
  double low = 0, high = 0;
  bool operator==(const Interval&) const = default;
};

// Two-sided 95 % interval of successes out of n. The caller owes 0 <= successes <= n, n >= 1.
Interval wilson_interval95(int64_t successes, int64_t n);

}  // namespace inkling

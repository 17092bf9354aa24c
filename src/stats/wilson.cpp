#include "stats/wilson.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"

namespace inkling {

Interval wilson_interval95(int64_t successes, int64_t n) {
  INKLING_CHECK(n >= 1 && successes >= 0 && successes <= n);
  constexpr double kZ = 1.959963984540054;  // the normal distribution's 97.5 % point
  const double count = static_cast<double>(n);
  const double p = static_cast<double>(successes) / count;
  const double z2 = kZ * kZ / count;
  const double centre = (p + z2 / 2) / (1 + z2);
  const double half = kZ * std::sqrt(p * (1 - p) / count + z2 / (4 * count)) / (1 + z2);
  // At the ends the bound is exact; rounding must not move it off.
  return {.low = successes == 0 ? 0 : std::max(0.0, centre - half),
          .high = successes == n ? 1 : std::min(1.0, centre + half)};
}

}  // namespace inkling

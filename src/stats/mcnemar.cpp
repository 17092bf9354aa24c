#include "stats/mcnemar.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/check.h"

namespace inkling {

double mcnemar_exact(int64_t only_first_right, int64_t only_second_right) {
  INKLING_CHECK(only_first_right >= 0 && only_second_right >= 0);
  const double fewer = static_cast<double>(std::min(only_first_right, only_second_right));
  const double n = static_cast<double>(only_first_right + only_second_right);
  // By logarithms: 2^-n is no double beyond n = 1074.
  double tail = 0;
  for (double k = 0; k <= fewer; ++k) {
    tail += std::exp(std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(n - k + 1) -
                     n * std::numbers::ln2);
  }
  return std::min(1.0, 2 * tail);
}

}  // namespace inkling

// ln of a sum of exponentials, whatever their size. Internal to nn.
#pragma once

#include <algorithm>
#include <cmath>

namespace inkling {

// ln of the sum of exp(x(c)) over the classes c.
template <typename Logit>
float log_sum_exp(int classes, const Logit& x) {
  float largest = x(0), sum = 0;
  for (int c = 1; c < classes; ++c) largest = std::max(largest, x(c));
  for (int c = 0; c < classes; ++c) sum += std::exp(x(c) - largest);
  return largest + std::log(sum);
}

}  // namespace inkling

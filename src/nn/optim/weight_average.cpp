#include "nn/optim/weight_average.h"

#include <algorithm>
#include <iterator>

#include "base/index.h"
#include "base/to_float.h"

namespace inkling {

void WeightAverage::update(int64_t step, const Parameters& parameters) {
  constexpr ptrdiff_t kRun = 16384;  // floats
  const double steps = static_cast<double>(step), early = (1 + steps) / (10 + steps);
  const float decay = step <= 1 ? 0.0f : to_float(std::min(decay_, early));
  const std::span<float> from = parameters.all(), to = average_.all();
  const ptrdiff_t size = std::ssize(to);
  engine_->pool().run(narrow<int>(ceil_div(size, kRun)), [&](int run) {
    const ptrdiff_t begin = run * kRun, n = std::min(kRun, size - begin);
    engine_->kernels().optimise->average(decay, from.data() + begin, n, to.data() + begin);
  });
}

}  // namespace inkling

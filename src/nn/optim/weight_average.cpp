#include "nn/optim/weight_average.h"

#include <algorithm>

namespace inkling {

void WeightAverage::update(int64_t step, const Parameters& parameters) {
  constexpr size_t kRun = 16384;  // floats
  const double early = static_cast<double>(1 + step) / static_cast<double>(10 + step);
  const float decay = step <= 1 ? 0.0f : static_cast<float>(std::min(decay_, early));
  const std::span<float> from = parameters.all(), to = average_.all();
  engine_->pool().run(static_cast<int>((to.size() + kRun - 1) / kRun), [&](int run) {
    const size_t begin = static_cast<size_t>(run) * kRun;
    const size_t n = std::min(kRun, to.size() - begin);
    engine_->kernels().optimise->average(decay, &from[begin], n, &to[begin]);
  });
}

}  // namespace inkling

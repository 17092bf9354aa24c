#include "nn/optimiser.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"

namespace inkling {

Optimiser::Optimiser(const OptimiserOptions& options, const Architecture& net, Engine& engine)
    : options_(options),
      adam_(options.name == "adam"),
      engine_(&engine),
      first_(net.trainable_floats),
      second_(adam_ ? net.trainable_floats : 0) {
  if (!adam_ && options.name != "sgd") {
    throw usage_error("optimiser: expected \"adam\" or \"sgd\", found \"{}\"", options.name);
  }
}

void Optimiser::step(double lr, const float* gradients, Parameters& parameters) {
  constexpr size_t kRun = 16384;  // floats: four arrays of this length fit a second-level cache
  ++steps_;
  const double t = static_cast<double>(steps_);
  const double correction = std::sqrt(1.0 - std::pow(options_.beta2, t));
  const kernels::AdamStep adam = {
      .beta1 = static_cast<float>(options_.beta1),
      .beta2 = static_cast<float>(options_.beta2),
      .step = static_cast<float>(lr * correction / (1.0 - std::pow(options_.beta1, t))),
      .epsilon = static_cast<float>(options_.epsilon * correction),
      .decay = 0.0f};
  const kernels::SgdStep sgd = {.lr = static_cast<float>(lr),
                                .momentum = static_cast<float>(options_.momentum),
                                .nesterov = options_.nesterov,
                                .decay = 0.0f};
  const std::span<float> weights = parameters.trainable();
  const kernels::OptimiseKernels& kernels = *engine_->kernels().optimise;
  engine_->pool().run(static_cast<int>((weights.size() + kRun - 1) / kRun), [&](int run) {
    const size_t begin = static_cast<size_t>(run) * kRun;
    const size_t n = std::min(kRun, weights.size() - begin);
    if (adam_) {
      kernels.adam(adam, gradients + begin, n, &first_[begin], &second_[begin], &weights[begin]);
    } else {
      kernels.sgd(sgd, gradients + begin, n, &first_[begin], &weights[begin]);
    }
  });
}

}  // namespace inkling

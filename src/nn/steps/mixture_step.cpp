#include "nn/steps/mixture_step.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "nn/optim/log_sum_exp.h"

namespace inkling {
namespace {

// ln of exp(a) + exp(b), where neither can be represented.
float log_add_exp(float a, float b) {
  return std::max(a, b) + std::log1p(std::exp(-std::abs(a - b)));
}

}  // namespace

MixtureStep::MixtureStep(const Layer& layer, MixtureOptions options)
    : Step(layer.spec.name),
      options_(std::move(options)),
      log_members_(std::log(static_cast<float>(options_.members.size()))) {}

void MixtureStep::forward(const Context& context) const {
  const Tensor& y = context.tensor(options_.y);
  const int classes = y.channels;
  for (int n = 0; n < context.images; ++n) {
    float* mean = y.image(n);
    for (const MixtureMember& member : options_.members) {
      const float* x = context.tensor(member.x).image(n);
      const float shift = log_sum_exp(classes, [x](int c) { return x[c]; }) + log_members_;
      for (int c = 0; c < classes; ++c) {
        const float fraction = x[c] - shift;
        mean[c] = &member == &options_.members[0] ? fraction : log_add_exp(mean[c], fraction);
      }
    }
  }
}

// A member's part of the mean passes on the gradient, then through its softmax:
// d ln p(c) = r(c) dy(c) with r = p / (members exp y), dx = d ln p - p sum(d ln p).
void MixtureStep::backward(const Context& context) const {
  if (options_.apart) return;
  const Tensor &y = context.tensor(options_.y), &dy = context.tensor(options_.grad_y);
  const int classes = y.channels;
  for (const MixtureMember& member : options_.members) {
    if (member.grad_x < 0) continue;
    for (int n = 0; n < context.images; ++n) {
      const float* x = context.tensor(member.x).image(n);
      float* dx = context.tensor(member.grad_x).image(n);
      const float log_sum = log_sum_exp(classes, [x](int c) { return x[c]; });
      const auto through_mean = [&](int c) {
        return std::exp(x[c] - log_sum - log_members_ - y.image(n)[c]) * dy.image(n)[c];
      };
      float sum = 0;
      for (int c = 0; c < classes; ++c) sum += through_mean(c);
      for (int c = 0; c < classes; ++c) {
        const float gradient = through_mean(c) - std::exp(x[c] - log_sum) * sum;
        dx[c] = gradient + (member.accumulate_grad_x ? dx[c] : 0.0f);
      }
    }
  }
}

}  // namespace inkling

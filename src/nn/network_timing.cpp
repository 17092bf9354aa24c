// Network::time_steps: where the time of a training step goes.
#include <algorithm>

#include "base/clock.h"
#include "base/index.h"
#include "nn/network.h"

namespace inkling {
namespace {

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

}  // namespace

std::vector<StepTime> Network::time_steps(Parameters& parameters, std::span<const uint8_t> labels,
                                          int repeats) {
  const int images = count_of(labels);
  std::vector<std::vector<double>> forward(steps_.size()), backward(steps_.size());
  for (int repeat = 0; repeat < repeats; ++repeat) {
    images_ = images;
    const Context now = context(parameters, images, dropout_key_);
    for (size_t i = 0; i < steps_.size(); ++i) {
      const Stopwatch watch;
      steps_[i]->prepare(now);
      steps_[i]->forward(now);
      forward[i].push_back(watch.seconds());
    }
    loss(labels);
    for (size_t i = steps_.size(); i-- > 0;) {
      const Stopwatch watch;
      steps_[i]->backward(now);
      backward[i].push_back(watch.seconds());
    }
  }
  std::vector<StepTime> times;
  for (size_t i = 0; i < steps_.size(); ++i) {
    StepTime time{steps_[i]->name(), median(forward[i]), median(backward[i]), 0, 0};
    for (const Layer& layer : net_->layers) {
      if (layer.spec.name != time.name) continue;
      time.forward_flops = layer.flops() * images;
      // The first layer's input has no gradient.
      time.backward_flops = time.forward_flops * (layer.input < 0 ? 1 : 2);
    }
    times.push_back(time);
  }
  return times;
}

}  // namespace inkling

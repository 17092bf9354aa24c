#include "eval/latency.h"

#include <algorithm>
#include <cstddef>
#include <iterator>

#include "base/check.h"
#include "base/clock.h"
#include "base/index.h"

namespace inkling {

std::vector<double> call_times(const std::function<void()>& call, double seconds) {
  constexpr int kWarmUp = 3, kAtLeast = 5;
  std::vector<double> times;
  const Stopwatch whole;
  for (int run = 0; whole.seconds() < seconds || run < kWarmUp + kAtLeast; ++run) {
    const Stopwatch watch;
    call();
    if (run >= kWarmUp) times.push_back(watch.seconds());
  }
  return times;
}

std::vector<double> prediction_times(Classifier& classifier, const float* images, int n,
                                     double seconds) {
  std::vector<float> probabilities(
      narrow<size_t>(std::ptrdiff_t{n} * classifier.architecture().classes));
  return call_times([&] { classifier.predict(images, n, probabilities.data()); }, seconds);
}

double median(std::vector<double> values) {
  INKLING_CHECK(!values.empty());
  const auto middle = values.begin() + std::ssize(values) / 2;
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace inkling

#include "eval/latency.h"

#include <algorithm>
#include <cstddef>

#include "base/check.h"
#include "base/clock.h"

namespace inkling {

std::vector<double> prediction_times(Classifier& classifier, const float* images, int n,
                                     double seconds) {
  constexpr int kWarmUp = 3, kAtLeast = 5;
  std::vector<float> probabilities(static_cast<size_t>(n) *
                                   static_cast<size_t>(classifier.architecture().classes));
  std::vector<double> times;
  const Stopwatch whole;
  for (int run = 0; whole.seconds() < seconds || run < kWarmUp + kAtLeast; ++run) {
    const Stopwatch watch;
    classifier.predict(images, n, probabilities.data());
    if (run >= kWarmUp) times.push_back(watch.seconds());
  }
  return times;
}

double median(std::vector<double> values) {
  INKLING_CHECK(!values.empty());
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace inkling

#include "eval/metrics/confused_pairs.h"

#include <algorithm>

#include "base/index.h"

namespace inkling {

std::vector<ConfusedPair> confused_pairs(const Metrics& metrics) {
  std::vector<ConfusedPair> pairs;
  for (int first = 0; first < metrics.classes; ++first) {
    for (int second = first + 1; second < metrics.classes; ++second) {
      const ConfusedPair pair{first, second, at(at(metrics.confusion, first), second),
                              at(at(metrics.confusion, second), first)};
      if (pair.mistakes() > 0) pairs.push_back(pair);
    }
  }
  std::stable_sort(pairs.begin(), pairs.end(), [](const ConfusedPair& a, const ConfusedPair& b) {
    return a.mistakes() > b.mistakes();
  });
  return pairs;
}

int confusion_rank(const std::vector<ConfusedPair>& pairs, int first, int second) {
  const auto it = std::find_if(pairs.begin(), pairs.end(), [&](const ConfusedPair& pair) {
    return pair.first == std::min(first, second) && pair.second == std::max(first, second);
  });
  if (it == pairs.end()) return 0;
  const auto more = std::count_if(pairs.begin(), pairs.end(), [&](const ConfusedPair& pair) {
    return pair.mistakes() > it->mistakes();
  });
  return narrow<int>(more) + 1;
}

}  // namespace inkling

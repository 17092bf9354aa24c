#include "eval/metrics/confused_pairs.h"

#include <algorithm>
#include <cstddef>

namespace inkling {

std::vector<ConfusedPair> confused_pairs(const Metrics& metrics) {
  std::vector<ConfusedPair> pairs;
  for (int first = 0; first < metrics.classes; ++first) {
    for (int second = first + 1; second < metrics.classes; ++second) {
      const auto a = static_cast<size_t>(first), b = static_cast<size_t>(second);
      const ConfusedPair pair{first, second, metrics.confusion[a][b], metrics.confusion[b][a]};
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
  return static_cast<int>(more) + 1;
}

}  // namespace inkling

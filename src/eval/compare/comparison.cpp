#include "eval/compare/comparison.h"

#include <algorithm>
#include <numeric>

#include "base/check.h"
#include "base/index.h"
#include "stats/mcnemar.h"

namespace inkling {
namespace {

PairedDifference difference_of(const std::vector<ComparedModel>& models, size_t first,
                               size_t second) {
  PairedDifference pair{.first = first, .second = second};
  const std::vector<uint8_t>& labels = models[first].predictions.labels;
  for (uint32_t i = 0; i < labels.size(); ++i) {
    const int a = models[first].prediction(i), b = models[second].prediction(i);
    if (a == b) continue;
    pair.differing.push_back(i);
    pair.only_first_right += a == labels[i] ? 1 : 0;
    pair.only_second_right += b == labels[i] ? 1 : 0;
  }
  pair.p = mcnemar_exact(pair.only_first_right, pair.only_second_right);
  return pair;
}

// Step down from the smallest p: the k-th of m is multiplied by m - k + 1 and never falls below
// the one before.
void adjust_by_holm(std::vector<PairedDifference>& pairs) {
  std::vector<size_t> order(pairs.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return pairs[a].p < pairs[b].p; });
  double before = 0;
  int left = count_of(order);
  for (const size_t next : order) {
    const double adjusted = pairs[next].p * left--;
    before = pairs[next].p_holm = std::min(1.0, std::max(before, adjusted));
  }
}

}  // namespace

int ComparedModel::prediction(size_t at) const {
  return predicted_class(row_of(predictions.probabilities, at, metrics.classes));
}

Comparison compare(std::vector<ComparedModel> models, std::string dataset, std::string split,
                   std::optional<SetAside> aside) {
  for (const ComparedModel& each : models) {
    INKLING_CHECK(each.predictions.indices == models[0].predictions.indices);
    INKLING_CHECK(each.metrics.classes == models[0].metrics.classes);
  }
  Comparison comparison{.dataset = std::move(dataset),
                        .split = std::move(split),
                        .aside = std::move(aside),
                        .models = std::move(models),
                        .pairs = {}};
  for (size_t second = 1; second < comparison.models.size(); ++second) {
    for (size_t first = 0; first < second; ++first) {
      comparison.pairs.push_back(difference_of(comparison.models, first, second));
    }
  }
  std::sort(comparison.pairs.begin(), comparison.pairs.end(), [](const auto& a, const auto& b) {
    return std::pair(a.first, a.second) < std::pair(b.first, b.second);
  });
  adjust_by_holm(comparison.pairs);
  return comparison;
}

}  // namespace inkling

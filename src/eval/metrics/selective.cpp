#include "eval/metrics/selective.h"

#include <algorithm>
#include <cstddef>

#include "base/check.h"

namespace inkling {
namespace {

constexpr size_t kCurvePoints = 100;

// Mistakes expected among the first k images, k = 1 ... N, the surest first.
std::vector<double> expected_mistakes(std::span<const Verdict> sorted) {
  std::vector<double> mistakes;
  mistakes.reserve(sorted.size());
  double before = 0;
  for (size_t begin = 0; begin < sorted.size();) {
    size_t end = begin;
    double wrong = 0;
    while (end < sorted.size() && sorted[end].confidence == sorted[begin].confidence) {
      wrong += sorted[end++].correct ? 0 : 1;
    }
    const auto equals = static_cast<double>(end - begin);
    for (size_t i = begin; i < end; ++i) {
      mistakes.push_back(before + wrong * static_cast<double>(i - begin + 1) / equals);
    }
    before += wrong;
    begin = end;
  }
  return mistakes;
}

}  // namespace

Selective measure_selective(std::vector<Verdict> verdicts) {
  INKLING_CHECK(!verdicts.empty());
  std::stable_sort(verdicts.begin(), verdicts.end(),
                   [](const Verdict& a, const Verdict& b) { return a.confidence > b.confidence; });
  const std::vector<double> mistakes = expected_mistakes(verdicts);
  const size_t n = verdicts.size();
  const double count = static_cast<double>(n), all = mistakes.back();
  Selective result;
  for (size_t k = 1; k <= n; ++k) {
    const auto answered = static_cast<double>(k);
    result.aurc += mistakes[k - 1] / answered / count;
    result.aurc_best += std::max(0.0, all - (count - answered)) / answered / count;
  }
  result.aurc_random = all / count;
  const size_t points = std::min(n, kCurvePoints);
  for (size_t p = 1; p <= points; ++p) {
    const size_t k = (n * p + points - 1) / points;
    result.curve.push_back({.coverage = static_cast<double>(k) / count,
                            .risk = mistakes[k - 1] / static_cast<double>(k),
                            .confidence = verdicts[k - 1].confidence});
  }
  return result;
}

}  // namespace inkling

#include "eval/metrics/selective.h"

#include <algorithm>
#include <cstdint>

#include "base/check.h"
#include "base/index.h"

namespace inkling {
namespace {

constexpr int kCurvePoints = 100;

// Mistakes expected among the first k images, k = 1 ... N, the most confident first.
std::vector<double> expected_mistakes(std::span<const Verdict> sorted) {
  std::vector<double> mistakes;
  mistakes.reserve(sorted.size());
  double before = 0;
  const int n = count_of(sorted);
  for (int begin = 0; begin < n;) {
    int end = begin;
    double wrong = 0;
    while (end < n && at(sorted, end).confidence == at(sorted, begin).confidence) {
      wrong += at(sorted, end++).correct ? 0 : 1;
    }
    for (int i = begin; i < end; ++i) {
      mistakes.push_back(before + wrong * (i - begin + 1) / (end - begin));
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
  const int n = count_of(verdicts);
  const double all = mistakes.back();
  Selective result;
  for (int k = 1; k <= n; ++k) {  // images predicted on, the others refused
    result.aurc += at(mistakes, k - 1) / k / n;
    result.aurc_best += std::max(0.0, all - (n - k)) / k / n;
  }
  result.aurc_random = all / n;
  const int points = std::min(n, kCurvePoints);
  for (int p = 1; p <= points; ++p) {
    const int k = narrow<int>(ceil_div(int64_t{n} * p, points));
    result.curve.push_back({.coverage = 1.0 * k / n,
                            .risk = at(mistakes, k - 1) / k,
                            .confidence = at(verdicts, k - 1).confidence});
  }
  return result;
}

}  // namespace inkling

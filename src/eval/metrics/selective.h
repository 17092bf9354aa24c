// Selective prediction: the accuracy where the least sure predictions are refused, and how well
// confidence tells mistakes from the rest (Geifman and El-Yaniv 2017, arXiv 1705.08500).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "eval/metrics/verdicts.h"

namespace inkling {

// Predicting only on the `coverage` fraction of images of highest confidence.
struct RiskPoint {
  double coverage = 0;    // fraction predicted on
  double risk = 0;        // fraction of mistakes among them
  double confidence = 0;  // of the least sure one of them: the threshold
};

struct Selective {
  std::vector<RiskPoint> curve;  // coverage 1 %, 2 %, ... 100 % (each image where there are fewer)
  // Area under the risk-coverage curve: the mean of the risks at coverage 1/N, 2/N ... 1. Lower is
  // better.
  double aurc = 0;
  double aurc_best = 0;    // if confidence put every mistake last
  double aurc_random = 0;  // if it said nothing: the error rate
};

// Images of equal confidence come in random order: what is counted is the expectation.
// The caller owes at least one verdict.
Selective measure_selective(std::vector<Verdict> verdicts);

}  // namespace inkling

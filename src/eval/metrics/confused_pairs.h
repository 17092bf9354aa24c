// Which two classes a classifier confuses, read from its confusion matrix.
#pragma once

#include <vector>

#include "eval/metrics/metrics.h"

namespace inkling {

struct ConfusedPair {
  int first = 0, second = 0;                     // classes, first < second
  int first_as_second = 0, second_as_first = 0;  // images
  int mistakes() const { return first_as_second + second_as_first; }
};

// Every pair with a mistake between them, most mistakes first, then in order of classes.
std::vector<ConfusedPair> confused_pairs(const Metrics& metrics);

// One more than the number of pairs with more mistakes; 0 for a pair that has none.
int confusion_rank(const std::vector<ConfusedPair>& pairs, int first, int second);

}  // namespace inkling

// Cutting a labelled set into parts that each hold every class in proportion. Only indices are
// made; nothing is copied. Deterministic: the same labels and seed give the same parts everywhere.
// Any number of threads may call.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace inkling {

// Disjoint, together every index, each ascending.
struct SplitIndices {
  std::vector<uint32_t> train;
  std::vector<uint32_t> validation;
};

// Draws round(fraction · N) images for validation, from each class its part: fraction · N_c
// rounded down, what is then missing given to the classes with the largest remainders (ties: the
// lower class). Fraction 0 leaves everything in train. Throws usage Error unless 0 <= fraction < 1;
// the caller owes labels below `classes`.
SplitIndices stratified_split(std::span<const uint8_t> labels, int classes, double fraction,
                              uint64_t seed);

// k folds whose validation parts cover every index once and whose sizes differ by at most one, over
// all and class by class. Throws usage Error unless 2 <= k <= N.
std::vector<SplitIndices> stratified_folds(std::span<const uint8_t> labels, int classes, int k,
                                           uint64_t seed);

}  // namespace inkling

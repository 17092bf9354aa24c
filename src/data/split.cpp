#include "data/split.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/check.h"
#include "base/error.h"
#include "base/index.h"
#include "base/random.h"

namespace inkling {
namespace {

constexpr uint64_t kSplitStream = 0x73706c6974;  // "split": names the stream of random numbers

// The indices of each class, shuffled by a stream of the class's own.
std::vector<std::vector<uint32_t>> shuffled_by_class(std::span<const uint8_t> labels, int classes,
                                                     uint64_t seed) {
  std::vector<std::vector<uint32_t>> groups(narrow<size_t>(classes));
  for (uint32_t i = 0; i < labels.size(); ++i) {
    INKLING_CHECK(labels[i] < classes);
    groups[labels[i]].push_back(i);
  }
  for (size_t c = 0; c < groups.size(); ++c) {
    Random(seed, kSplitStream, c).shuffle(std::span(groups[c]));
  }
  return groups;
}

// How many of each class, `fraction` of it, so that the total is round(fraction · N).
std::vector<int> fractions(const std::vector<std::vector<uint32_t>>& groups, int n,
                           double fraction) {
  std::vector<int> counts(groups.size());
  std::vector<double> remainders(groups.size());
  for (size_t c = 0; c < groups.size(); ++c) {
    const double quota = fraction * count_of(groups[c]);
    counts[c] = static_cast<int>(quota);
    remainders[c] = quota - std::floor(quota);
  }
  std::vector<size_t> by_remainder(groups.size());
  std::iota(by_remainder.begin(), by_remainder.end(), size_t{0});
  std::stable_sort(by_remainder.begin(), by_remainder.end(),
                   [&](size_t a, size_t b) { return remainders[a] > remainders[b]; });
  const auto total = std::llround(fraction * n);
  int have = std::accumulate(counts.begin(), counts.end(), 0);
  for (size_t c : by_remainder) {
    if (have < total && counts[c] < count_of(groups[c])) {
      ++counts[c];
      ++have;
    }
  }
  return counts;
}

}  // namespace

SplitIndices stratified_split(std::span<const uint8_t> labels, int classes, double fraction,
                              uint64_t seed) {
  if (!(fraction >= 0 && fraction < 1)) {
    throw usage_error("validation fraction: expected at least 0 and below 1, found {}", fraction);
  }
  const std::vector<std::vector<uint32_t>> groups = shuffled_by_class(labels, classes, seed);
  const std::vector<int> counts = fractions(groups, count_of(labels), fraction);
  SplitIndices split;
  for (size_t c = 0; c < groups.size(); ++c) {
    const auto cut = groups[c].begin() + counts[c];
    split.validation.insert(split.validation.end(), groups[c].begin(), cut);
    split.train.insert(split.train.end(), cut, groups[c].end());
  }
  std::sort(split.validation.begin(), split.validation.end());
  std::sort(split.train.begin(), split.train.end());
  return split;
}

std::vector<SplitIndices> stratified_folds(std::span<const uint8_t> labels, int classes, int k,
                                           uint64_t seed) {
  if (k < 2 || k > count_of(labels)) {
    throw usage_error("folds: expected 2 to {} (the number of images), found {}", labels.size(), k);
  }
  // Cards dealt class after class; going on where the last class ended keeps the folds even.
  std::vector<int> fold_of(labels.size());
  int next = 0;
  for (const std::vector<uint32_t>& group : shuffled_by_class(labels, classes, seed)) {
    for (uint32_t index : group) {
      fold_of[index] = next;
      next = (next + 1) % k;
    }
  }
  std::vector<SplitIndices> folds(narrow<size_t>(k));
  for (int fold = 0; fold < k; ++fold) {
    SplitIndices& split = at(folds, fold);
    for (uint32_t i = 0; i < labels.size(); ++i) {
      (fold_of[i] == fold ? split.validation : split.train).push_back(i);
    }
  }
  return folds;
}

}  // namespace inkling

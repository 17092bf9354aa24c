// Are classes equally frequent, and do two sets of images come from the same source? Statistics
// with their strength beside them: with tens of thousands of images anything is significant, so a
// difference counts only if it is also large.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "data/dataset.h"

namespace inkling {

struct ChiSquareTest {
  double chi2 = 0;
  int degrees_of_freedom = 0;
  double p = 1;       // of a statistic at least this large by chance
  double effect = 0;  // Cohen's w (balance) or Cramer's V (two sets): 0.1 small, 0.3 medium
};

// Pearson's test of equal frequencies. Nothing counted: p = 1.
ChiSquareTest balance_test(std::span<const int> per_class);

// Pearson's test that two sets have the same frequencies; classes absent from both do not count.
// The caller owes counts of equal length.
ChiSquareTest homogeneity_test(std::span<const int> first, std::span<const int> second);

// A number taken of each image, compared between two sets by Welch's t, whose p is from the normal
// distribution (splits hold hundreds of images at least where it is read), and by Cohen's d, the
// difference in standard deviations.
struct MeanShift {
  std::string what;              // "brightness", "contrast", "ink centre x", "ink centre y"
  double first = 0, second = 0;  // means
  double d = 0, p = 1;
};

struct Drift {
  ChiSquareTest labels;
  std::vector<MeanShift> shifts;
  // Euclid's distance of the two mean images over the root of the summed pixel variances: Cohen's d
  // for the picture as a whole. Also over its expectation without drift, which is about 1.
  double mean_image_d = 0, mean_image_ratio = 0;
};

// Cohen's (1988) word for it is "small": below, a shift is not worth a finding.
inline constexpr double kSmallShift = 0.2;

// Compares images `first_indices` of one set with `second_indices` of another of the same size and
// classes. The caller owes at least one index each. Throws Error (input) naming a set that is
// unlabelled or whose pixels are floats.
Drift measure_drift(const Dataset& first, std::span<const uint32_t> first_indices,
                    const Dataset& second, std::span<const uint32_t> second_indices,
                    uint8_t background);

}  // namespace inkling

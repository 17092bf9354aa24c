// A classifier's prediction on each image, reduced to how sure it was and whether it was right: all
// that calibration (calibration.h) and selective prediction (selective.h) ask for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/index.h"

namespace inkling {

struct Verdict {
  double confidence = 0;  // the largest probability
  bool correct = false;
};

// Image i's of [N, classes] probabilities.
inline std::span<const float> row_of(std::span<const float> probabilities, size_t i, int classes) {
  const auto width = narrow<size_t>(classes);
  return probabilities.subspan(i * width, width);
}

// The predicted class of one image: the largest probability, the lowest class among equals.
int predicted_class(std::span<const float> probabilities);

// probabilities: [N, classes] f32, rows summing to one; labels: [N], each below `classes`. Throws
// Error if N is 0, if the sizes do not fit, if a label is not below `classes`, or if a probability
// is not within [0, 1] (NaN: the network diverged).
void expect_sound(std::span<const float> probabilities, std::span<const uint8_t> labels,
                  int classes);

// [N], in the order of the images. Throws Error as expect_sound.
std::vector<Verdict> verdicts_of(std::span<const float> probabilities,
                                 std::span<const uint8_t> labels, int classes);

}  // namespace inkling

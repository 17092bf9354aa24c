// A picture with digits and marks on it, and whose ink is where: what the default reader learns
// from besides single images. Digits are MNIST's training images, enlarged, and our own pen's.
//
// Everything comes from the random stream. Any number of threads may call.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/random.h"
#include "data/dataset.h"
#include "data/formats/picture.h"

namespace inkling {

struct Scene {
  Picture grey;
  std::vector<int> owner;   // [height, width]: index of the digit whose ink this is, kMark, kGround
  std::vector<int> digits;  // from the left

  static constexpr int kGround = -1, kMark = -2;
};

// One to seven digits in a row, touching, overlapping or apart, with marks between and behind them,
// on paper with light, noise, pattern and rules. `images` are those of `mnist` that may be used.
Scene draw_row(const Dataset& mnist, std::span<const uint32_t> images, Random& random);

// One thing that is no digit: a letter, two letters, a scribble, a filled shape with a texture. No
// marks: alone, a comma is a 1.
Scene draw_no_digit(Random& random);

}  // namespace inkling

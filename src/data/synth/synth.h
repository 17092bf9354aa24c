// Synthetic digits: as many pictures of pen-drawn digits as anyone wants, from a seed. No file and
// no network is needed for them, and no pixel of another dataset is in them. Each image depends on
// (seed, index) and the options alone: not on how many are asked for, nor on threads.
//
//   Dataset train = synthesise_digits(60000, 1);
//   PenDrawing seven = synthesise_drawing(7, seed, index);   // the ink itself, for any canvas
//
// The form is MNIST's (LeCun et al., "Gradient-based learning applied to document recognition",
// 1998): the longer side of the ink's box fills 20 pixels, aspect kept, grey levels come from
// anti-aliasing, and whole pixels bring the centre of mass to the middle of 28x28. On another
// canvas the 20 grow with its shorter side.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/threads.h"
#include "data/dataset.h"
#include "data/synth/synth_hand.h"
#include "data/synth/synth_pen.h"

namespace inkling {

inline constexpr std::string_view kSyntheticName = "synthetic";
inline constexpr int kMinSynthSide = 8, kMaxSynthSide = 1024;  // pixels
inline constexpr size_t kMaxSynthBytes = size_t{1} << 30;      // of pixels in one dataset

// Where test images begin: training sets of any size grow below, so the two never meet.
inline constexpr uint64_t kFirstSynthTestIndex = uint64_t{1} << 40;

struct SynthOptions {
  int height = 28, width = 28;  // kMinSynthSide … kMaxSynthSide
  HandStyle style;
};

// Images first_index … first_index + count - 1, ten classes, named kSyntheticName. Every ten in a
// row, from a multiple of ten, hold each digit once. The work is split where a pool is given. The
// caller owes a count of at least 1, sides in range and at most kMaxSynthBytes pixels. Any number
// of threads may call, each with a pool of its own or none.
Dataset synthesise_digits(size_t count, uint64_t seed, const SynthOptions& options = {},
                          uint64_t first_index = 0, ThreadPool* pool = nullptr);

// The digit at `index`: 0 … 9.
int synthetic_digit_at(uint64_t seed, uint64_t index);

// A digit as ink: with synthetic_digit_at's digit, the ink of image `index`.
PenDrawing synthesise_drawing(int digit, uint64_t seed, uint64_t index,
                              const HandStyle& style = {});

// Ink brought into MNIST's form; softness in pixels of 28x28, above 0 and at most 4.
InkCanvas mnist_form(const PenDrawing& drawing, int height, int width, double softness);

}  // namespace inkling

// Internal to nn: which taps the gradient of a convolution's input sums, for any stride. Input
// pixels with the same row and column modulo the stride, a phase, see the same taps, and within a
// phase the gradient is a convolution of dy with stride 1:
//
//   dx at (y, x) sums dy at ((y + top - ky) / stride, (x + left - kx) / stride) over the taps for
//   which both are whole. As ky grows by the stride, dy's pixel moves back by one.
#pragma once

#include <cstddef>
#include <vector>

#include "base/index.h"
#include "nn/architecture/architecture.h"

namespace inkling {

class ConvPhases {
 public:
  struct Phase {
    int row = 0, column = 0;             // of its first input pixel
    int taps_y = 0, taps_x = 0;          // none where the kernel is smaller than the stride
    int first_y = 0, first_x = 0;        // dy pixel of the last tap for that input pixel
    ptrdiff_t packed = 0;                // where its weights begin, in elements
    std::vector<ptrdiff_t> packed_rows;  // where each of its tap rows begins, from there
  };

  // values: of k in an element (2 for pairs of bf16).
  ConvPhases(const Layer& layer, int panel_columns, int values);

  // What of dy's surroundings is read and must be zero.
  const Padding& border() const { return border_; }
  // Elements of the packed weights of all phases.
  ptrdiff_t packed_size() const { return packed_size_; }
  // Channels rounded up to whole panels.
  int padded(int channels) const { return ceil_div(channels, panel_columns_) * panel_columns_; }

  // weight: [kernel, kernel, in, out]. Within a phase: rows [tap row][tap column][out channel],
  // taps in dy's order, of in-channel columns. `pack_tap` is a kernel table's pack.
  template <typename Pack, typename Element>
  void pack(const float* weight, Pack pack_tap, Element* packed) const {
    const int in = layer_.in.channels, out = layer_.out.channels;
    const ptrdiff_t tap_elements = ptrdiff_t{out} / values_ * panel_columns_;
    for (const Phase& phase : phases_) {
      Element* to = packed + phase.packed;
      for (int ty = phase.taps_y - 1; ty >= 0; --ty) {
        for (int tx = phase.taps_x - 1; tx >= 0; --tx, to += tap_elements) {
          pack_tap(weight + tap(phase, ty, tx) * in * out, 1, out, out, in,
                   phase.taps_y * phase.taps_x * tap_elements, to);
        }
      }
    }
  }

  std::vector<Phase>::const_iterator begin() const { return phases_.begin(); }
  std::vector<Phase>::const_iterator end() const { return phases_.end(); }

 private:
  ptrdiff_t tap(const Phase& phase, int ty, int tx) const;

  Layer layer_;
  int panel_columns_, values_;
  Padding border_;
  ptrdiff_t packed_size_ = 0;
  std::vector<Phase> phases_;
};

}  // namespace inkling

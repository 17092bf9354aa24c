#include "nn/steps/conv_phases.h"

#include <algorithm>

namespace inkling {

ConvPhases::ConvPhases(const Layer& layer, int panel_columns, int values)
    : layer_(layer), panel_columns_(panel_columns), values_(values) {
  const int kernel = layer.spec.kernel, stride = layer.spec.stride;
  const Shape &in = layer.in, &out = layer.out;
  const Padding& pad = layer.padding;
  for (int row = 0; row < std::min(stride, in.height); ++row) {
    for (int column = 0; column < std::min(stride, in.width); ++column) {
      Phase phase;
      phase.row = row;
      phase.column = column;
      const int first_ky = (row + pad.top) % stride, first_kx = (column + pad.left) % stride;
      if (first_ky >= kernel || first_kx >= kernel) {
        phases_.push_back(phase);
        continue;
      }
      phase.taps_y = (kernel - 1 - first_ky) / stride + 1;
      phase.taps_x = (kernel - 1 - first_kx) / stride + 1;
      phase.first_y = (row + pad.top - first_ky) / stride - (phase.taps_y - 1);
      phase.first_x = (column + pad.left - first_kx) / stride - (phase.taps_x - 1);
      phase.packed = packed_size_;
      const ptrdiff_t row_elements =
          ptrdiff_t{phase.taps_x} * out.channels / values * panel_columns;
      for (int ty = 0; ty < phase.taps_y; ++ty) phase.packed_rows.push_back(ty * row_elements);
      packed_size_ +=
          ptrdiff_t{phase.taps_y} * phase.taps_x * (out.channels / values) * padded(in.channels);
      const int rows = (in.height - 1 - row) / stride;  // of this phase, less one
      const int columns = (in.width - 1 - column) / stride;
      border_.top = std::max(border_.top, -phase.first_y);
      border_.left = std::max(border_.left, -phase.first_x);
      border_.bottom = std::max(border_.bottom, phase.first_y + rows + phase.taps_y - out.height);
      border_.right = std::max(border_.right, phase.first_x + columns + phase.taps_x - out.width);
      phases_.push_back(phase);
    }
  }
}

ptrdiff_t ConvPhases::tap(const Phase& phase, int ty, int tx) const {
  const int kernel = layer_.spec.kernel, stride = layer_.spec.stride;
  const int first_ky = (phase.row + layer_.padding.top) % stride;
  const int first_kx = (phase.column + layer_.padding.left) % stride;
  return ptrdiff_t{first_ky + stride * ty} * kernel + first_kx + stride * tx;
}

}  // namespace inkling

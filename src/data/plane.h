// Internal to data: one channel of an image as floats, and the plain operations corruptions are
// made of. Not fast and not for training (that is augment.h and kernels/warp.h).
#pragma once

#include <cstddef>
#include <vector>

#include "base/index.h"

namespace inkling {

struct Plane {
  Plane(int rows, int columns)
      : height(rows), width(columns), values(narrow<size_t>(rows * columns)) {}

  float& at(int y, int x) { return values.data()[y * width + x]; }
  float at(int y, int x) const { return values.data()[y * width + x]; }
  // The nearest pixel of the picture.
  float clamped(int y, int x) const;
  // Bilinear at any place, the nearest pixel beyond the edge.
  float sample(double y, double x) const;

  // Every value v becomes change(v), computed in double and rounded once.
  template <typename Change>
  void transform(Change change) {
    for (float& v : values) v = static_cast<float>(change(double{v}));
  }

  int height, width;
  std::vector<float> values;  // [height, width]; of a picture 0 … 1
};

// Gaussian of `sigma` pixels, cut at 3 sigma, edges continued. 0: the plane itself.
Plane blurred(const Plane& plane, double sigma);

// Every pixel at least as bright as a line of `thickness` pixels from (y0, x0) to (y1, x1) makes
// it: 1 on it, falling to 0 over a pixel at its rim.
void draw_line(Plane& plane, double y0, double x0, double y1, double x1, double thickness);

// Canny's edges (1986): Gaussian of sigma 1, Sobel gradient, thinned across it, kept above `high`
// or above `low` and connected to such; 1 on edges, 0 elsewhere. Thresholds are of the gradient's
// length with grey from 0 to 1.
Plane canny_edges(const Plane& plane, float low, float high);

}  // namespace inkling

// The heart of Muon (Jordan et al. 2024, kellerjordan.github.io/posts/muon): a momentum matrix
// brought near the closest matrix whose singular values are all 1, by five steps of Newton and
// Schulz on the batch-reduce product. Not the update around it (optimiser.cpp). One thread at a
// time may call, and none while another job of the engine's pool runs.
#pragma once

#include <vector>

#include "base/aligned_buffer.h"
#include "nn/engine.h"

namespace inkling {

class Orthogonaliser {
 public:
  explicit Orthogonaliser(Engine& engine) : engine_(&engine) {}

  // matrix: [rows, columns] f32, replaced: divided by its Frobenius norm, then five times
  // X <- 3.4445 X - 4.7750 X (X'X) + 2.0315 X (X'X)^2, which leaves singular values between about
  // 0.7 and 1.2. Zero stays zero. The same on any number of threads.
  void run(float* matrix, int rows, int columns);

 private:
  void multiply(const float* a, bool transposed, const float* b, int m, int n, int k, float* c);

  Engine* engine_;
  AlignedBuffer<float> x_, next_, gram_, square_, packed_;
};

}  // namespace inkling

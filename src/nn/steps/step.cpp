#include "nn/steps/step.h"

#include <algorithm>

namespace inkling {

Scratch::Scratch(int threads, const Sizes& sizes) {
  constexpr int kOverread = 64;  // kernels may read a panel's width past the end
  for (int i = 0; i < threads * kBlocks; ++i) {
    blocks_.emplace_back(at(sizes, i % kBlocks) + kOverread);
  }
}

void sum_pieces(const Context& context, const float* partial, ptrdiff_t stride, ptrdiff_t begin,
                ptrdiff_t end, float* total) {
  std::copy(partial + begin, partial + end, total + begin);
  for (int piece = 1; piece < pieces_of(context.images); ++piece) {
    context.kernels->elementwise->accumulate(partial + piece * stride + begin, end - begin,
                                             total + begin);
  }
}

}  // namespace inkling

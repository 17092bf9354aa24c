#include "nn/step.h"

namespace inkling {

Scratch::Scratch(int threads, const Sizes& sizes) {
  constexpr size_t kOverread = 64;  // kernels may read a panel's width past the end
  for (int i = 0; i < threads * kBlocks; ++i) {
    blocks_.emplace_back(sizes[static_cast<size_t>(i % kBlocks)] + kOverread);
  }
}

}  // namespace inkling

// Augmenting a batch allocates nothing: it stands in every training step.
#include <gtest/gtest.h>

#include "data/augment/augment.h"
#include "kernels/variant.h"
#include "support/counted_allocations.h"
#include "support/drawn_dataset.h"

namespace inkling {
namespace {

TEST(Augmenter, AllocatesNothingOnceItIsMade) {
#ifdef INKLING_COUNTS_ALLOCATIONS
  const Dataset dataset = drawn_dataset({.images = 20, .side = 28});
  const std::vector<uint32_t> indices = {3, 14, 15, 9, 2, 6};
  std::vector<float> out(indices.size() * 784);
  for (const std::string_view preset : augment_preset_names()) {
    Augmenter augmenter(augment_preset(preset), dataset, {.mean = 0.3, .sd = 0.3},
                        *kernels::choose_variant("")->warp, {});
    EXPECT_EQ(allocations_of([&] { augmenter.assemble(indices, 1, 0, out.data(), 784, 28); }), 0)
        << preset;
  }
  EXPECT_EQ(allocations_of([] { const std::vector<float> values(1000, 1.0f); }), 1);
#else
  GTEST_SKIP() << "needs glibc's malloc, which sanitizers replace";
#endif
}

}  // namespace
}  // namespace inkling

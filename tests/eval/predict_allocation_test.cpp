// Predicting from views allocates for the whole, not for an image.
#include <gtest/gtest.h>

#include "eval/predict.h"
#include "nn/architecture/zoo.h"
#include "support/counted_allocations.h"
#include "support/drawn_dataset.h"

namespace inkling {
namespace {

TEST(Views, AllocateNothingForAnImage) {
#ifdef INKLING_COUNTS_ALLOCATIONS
  const Architecture net = zoo_architecture("logistic");
  Engine engine({.threads = 2});
  Classifier classifier(net, engine);
  Parameters parameters(net);
  classifier.update(parameters);
  const Dataset bytes = drawn_dataset({.images = 2500, .side = 28});
  for (const Dataset& dataset : {bytes, in_floats(bytes)}) {
    const auto allocations = [&](size_t images) {
      const std::vector<uint32_t> indices = all_indices(images);
      return allocations_of(
          [&] { predict_views(classifier, dataset, indices, {.mean = 0.3, .sd = 0.3}, engine); });
    };
    EXPECT_EQ(allocations(2500), allocations(1));
  }
#else
  GTEST_SKIP() << "needs glibc's malloc, which sanitizers replace";
#endif
}

}  // namespace
}  // namespace inkling

// Training images changed a little each time they are seen, written straight into a batch. Which
// ranges stands in augment_options.h, what is drawn from them in augment_draw.h, how an image is
// changed in warper.h.
//
//   Augmenter augmenter(augment_preset("standard"), dataset, statistics, *variant.warp,
//                       {.seed = seed, .workers = pool.threads()});
//   augmenter.assemble(indices, epoch, worker, out, image_stride, row_stride);
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "data/augment/augment_draw.h"
#include "data/augment/augment_options.h"
#include "data/augment/warper.h"
#include "data/batches.h"
#include "data/formats/picture.h"
#include "kernels/warp.h"

namespace inkling {

struct AugmenterSetup {
  uint64_t seed = 1;  // of every draw, with epoch and image index
  int workers = 1;    // threads that may be inside at once
};

class Augmenter {
 public:
  // The dataset must outlive the augmenter. Throws Error (usage) as expect_augment_ranges, or
  // (input) naming the dataset if options that change something meet pixels that are floats.
  Augmenter(const AugmentOptions& options, const Dataset& dataset,
            const PixelStatistics& statistics, const kernels::WarpKernels& kernels,
            const AugmenterSetup& setup);

  // BatchAssembler::assemble, each image changed by what (seed, epoch, image index) draws: the same
  // on any number of threads, in any order. Options that change nothing give its result bit for
  // bit. Threads may call side by side, each with a worker number of its own below setup.workers.
  // Allocates nothing.
  void assemble(std::span<const uint32_t> indices, int epoch, int worker, float* out,
                std::ptrdiff_t image_stride, std::ptrdiff_t row_stride);

 private:
  AugmentOptions options_;
  const Dataset& dataset_;
  BatchAssembler plain_;
  uint64_t seed_;
  std::vector<Warper> warpers_;  // [workers]; none where the options change nothing
};

// An image and its first `count` variants, those of epochs 1 … count: what figures show.
struct AugmentExamples {
  Picture original;
  std::vector<Picture> variants;
};
AugmentExamples augment_examples(const AugmentOptions& options, const Dataset& dataset,
                                 uint32_t index, int count, const kernels::WarpKernels& kernels,
                                 uint64_t seed);

}  // namespace inkling

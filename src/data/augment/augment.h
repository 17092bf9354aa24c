// Training images changed a little each time they are seen, written straight into a batch. Which
// ranges stands in augment_options.h, what is drawn from them in augment_draw.h.
//
// A channel is thickened or thinned, sampled once through one map of places (affine, perspective
// and elastic together, bilinear, background outside), multiplied, made noisy, normalised and
// partly erased.
//
// Elastic distortion is Simard, Steinkraus and Platt's (ICDAR 2003, section 2): displacements
// uniform in (-1, 1) pixel at every pixel, smoothed by a Gaussian of `sigma` pixels whose weights
// sum to 1 (cut at 3 sigma), times `alpha`. The field goes on beyond the image's edge rather than
// fading there, so a displacement's root mean square is alpha / (sigma sqrt(12 pi)) everywhere.
//
//   Augmenter augmenter(augment_preset("standard"), dataset, statistics, *variant.warp,
//                       {.seed = seed, .workers = pool.threads()});
//   augmenter.assemble(indices, epoch, worker, out, image_stride, row_stride);
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/aligned_buffer.h"
#include "data/augment/augment_draw.h"
#include "data/augment/augment_options.h"
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
  // The dataset must outlive the augmenter. Throws Error (usage) as expect_augment_ranges.
  Augmenter(const AugmentOptions& options, const Dataset& dataset,
            const PixelStatistics& statistics, const kernels::WarpKernels& kernels,
            const AugmenterSetup& setup);

  // BatchAssembler::assemble, each image changed by what (seed, epoch, image index) draws: the same
  // on any number of threads, in any order. Options that change nothing give its result bit for
  // bit. Threads may call side by side, each with a worker number of its own below setup.workers.
  // Allocates nothing.
  void assemble(std::span<const uint32_t> indices, int epoch, int worker, float* out,
                size_t image_stride, size_t row_stride);

  // One image changed by the given draw, out: rows of width·channels floats, row_stride apart. The
  // options must change something, and bend where the draw does.
  void apply(const AugmentDraw& draw, std::span<const uint8_t> image, int worker, float* out,
             size_t row_stride);

 private:
  // What one thread works in.
  struct Scratch {
    AlignedBuffer<uint8_t> source, stroked;  // [height + 3, width + 3], pixel (0, 0) at (1, 1)
    AlignedBuffer<uint32_t> quads;           // [height + 2, quad_stride]
    AlignedBuffer<float> noise_x, noise_y;   // [height + 2 radius, width + 2 radius]
    AlignedBuffer<float> across;             // [height + 2 radius, width]
    AlignedBuffer<float> dx, dy;             // [height, width]
    AlignedBuffer<float> plane;              // [height, width], where there are several channels
  };

  void bend(const AugmentDraw& draw, Scratch& scratch) const;
  const uint8_t* load_plane(const AugmentDraw& draw, const uint8_t* pixels, Scratch& scratch) const;
  void interleave(int channel, const float* plane, float* out, size_t row_stride) const;
  void erase(const AugmentDraw& draw, float* out, size_t row_stride) const;

  AugmentOptions options_;
  const Dataset& dataset_;
  BatchAssembler plain_;
  const kernels::WarpKernels& kernels_;
  uint64_t seed_;
  bool changes_nothing_;
  float scale_, offset_;  // of a grey level: out = scale v + offset
  ptrdiff_t source_stride_, quad_stride_;
  std::vector<float> taps_;  // of the Gaussian, [2 radius + 1]
  std::vector<Scratch> scratch_;
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

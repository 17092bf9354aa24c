#include "data/augment/augment.h"

#include <algorithm>
#include <iterator>

#include "base/check.h"
#include "base/index.h"

namespace inkling {
namespace {

// Throws Error where pixels are floats: a pen's stroke is thickened in bytes.
std::vector<Warper> make_warpers(const AugmentOptions& options, const Dataset& dataset,
                                 const PixelStatistics& statistics,
                                 const kernels::WarpKernels& kernels, int workers) {
  std::vector<Warper> warpers;
  if (changes_nothing(options)) return warpers;
  dataset.bytes();
  const double sigma = options.elastic_alpha > 0 ? options.elastic_sigma : 0;
  for (int worker = 0; worker < workers; ++worker) {
    warpers.emplace_back(dataset, statistics, kernels, sigma);
  }
  return warpers;
}

const AugmentOptions& checked(const AugmentOptions& options) {
  expect_augment_ranges(options);
  return options;
}

}  // namespace

Augmenter::Augmenter(const AugmentOptions& options, const Dataset& dataset,
                     const PixelStatistics& statistics, const kernels::WarpKernels& kernels,
                     const AugmenterSetup& setup)
    : options_(checked(options)),
      dataset_(dataset),
      plain_(dataset, statistics),
      seed_(setup.seed),
      warpers_(make_warpers(options, dataset, statistics, kernels, setup.workers)) {}

void Augmenter::assemble(std::span<const uint32_t> indices, int epoch, int worker, float* out,
                         std::ptrdiff_t image_stride, std::ptrdiff_t row_stride) {
  if (warpers_.empty()) return plain_.assemble(indices, out, image_stride, row_stride);
  Warper& warper = at(warpers_, worker);
  for (const uint32_t index : indices) {
    warper.warp(draw_augmentation(options_, dataset_.height, dataset_.width, seed_, epoch, index),
                index, out, row_stride);
    out += image_stride;
  }
}

AugmentExamples augment_examples(const AugmentOptions& options, const Dataset& dataset,
                                 uint32_t index, int count, const kernels::WarpKernels& kernels,
                                 uint64_t seed) {
  INKLING_CHECK(index < dataset.size());
  // Normalised to grey levels: (v/255 - 0) / (1/255).
  Augmenter augmenter(options, dataset, {.mean = 0, .sd = 1.0 / 255}, kernels, {.seed = seed});
  const Picture original{.width = dataset.width,
                         .height = dataset.height,
                         .channels = dataset.channels,
                         .pixels = image_in_bytes(dataset, index)};
  AugmentExamples examples{.original = original, .variants = {}};
  std::vector<float> grey(dataset.image_size());
  const std::ptrdiff_t row = std::ptrdiff_t{dataset.width} * dataset.channels;
  for (int epoch = 1; epoch <= count; ++epoch) {
    augmenter.assemble({&index, 1}, epoch, 0, grey.data(), std::ssize(grey), row);
    Picture& variant = examples.variants.emplace_back(original);
    std::ranges::transform(grey, variant.pixels.begin(), nearest_byte);
  }
  return examples;
}

}  // namespace inkling

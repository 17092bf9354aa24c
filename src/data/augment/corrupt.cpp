#include "data/augment/corrupt.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/check.h"
#include "base/index.h"
#include "base/random.h"
#include "data/augment/corrupt_plane.h"
#include "data/augment/warper.h"

namespace inkling {
namespace {

constexpr uint64_t kCorruptStream = 0x636f7272757074;  // "corrupt"
constexpr int kImagesPerTask = 16;

bool is_geometric(Corruption corruption) {
  return corruption == Corruption::kShear || corruption == Corruption::kScale ||
         corruption == Corruption::kRotation || corruption == Corruption::kTranslation;
}

Random random_of(uint64_t seed, Corruption corruption, uint32_t index) {
  return Random(seed, kCorruptStream + static_cast<uint64_t>(corruption), index);
}

AugmentDraw geometry_of(Corruption corruption, int strength, double length, Random random) {
  const auto of = [&](const std::array<double, kCorruptionStrengths>& strengths) {
    return at(strengths, strength - 1);
  };
  const auto either_sign = [&] { return random.uniform() < 0.5 ? -1.0 : 1.0; };
  AugmentDraw draw;
  switch (corruption) {
    case Corruption::kShear:
      draw.shear = either_sign() * of({0.2, 0.4, 0.6, 0.8, 1.0});
      break;
    case Corruption::kScale:
      draw.scale_x = draw.scale_y = of({0.9, 0.8, 0.7, 0.6, 0.5});
      break;
    case Corruption::kRotation:
      draw.rotation = either_sign() * of({12, 24, 36, 48, 60});
      break;
    default:
      draw.shift_x = either_sign() * of({1, 2, 3, 4, 5}) * length;
      draw.shift_y = either_sign() * of({1, 2, 3, 4, 5}) * length;
  }
  return draw;
}

// A dataset of the chosen images' labels, its pixels still to be written. Throws Error where the
// images are not bytes.
Dataset like(const Dataset& dataset, std::span<const uint32_t> indices) {
  dataset.bytes();
  Dataset result;
  result.name = dataset.name;
  result.height = dataset.height;
  result.width = dataset.width;
  result.channels = dataset.channels;
  result.classes = dataset.classes;
  result.class_names = dataset.class_names;
  if (!dataset.labels.empty()) {
    for (const uint32_t index : indices) result.labels.push_back(dataset.labels[index]);
  }
  result.images = std::vector<uint8_t>(indices.size() * dataset.image_size());
  return result;
}

// Calls body(i, worker) for each of n images, on every thread of the pool.
template <typename Body>
void for_images(int n, ThreadPool& pool, Body body) {
  pool.run(ceil_div(n, kImagesPerTask), [&](int task, int worker) {
    const int begin = task * kImagesPerTask;
    for (int i = begin; i < std::min(n, begin + kImagesPerTask); ++i) body(i, worker);
  });
}

}  // namespace

Dataset warped(const Dataset& dataset, std::span<const uint32_t> indices,
               const std::function<AugmentDraw(uint32_t index)>& draw,
               const kernels::WarpKernels& kernels, ThreadPool& pool) {
  struct Worker {
    Warper warper;
    std::vector<float> levels;
  };
  Dataset result = like(dataset, indices);
  const std::ptrdiff_t row = std::ptrdiff_t{dataset.width} * dataset.channels;
  const std::ptrdiff_t size = row * dataset.height;
  // Normalised to grey levels: (v/255 - 0) / (1/255).
  std::vector<Worker> workers;
  for (int worker = 0; worker < pool.threads(); ++worker) {
    workers.push_back({Warper(dataset, {.mean = 0, .sd = 1.0 / 255}, kernels),
                       std::vector<float>(dataset.image_size())});
  }
  for_images(count_of(indices), pool, [&](int i, int worker) {
    auto& [warper, levels] = at(workers, worker);
    warper.warp(draw(at(indices, i)), at(indices, i), levels.data(), row);
    std::ranges::transform(levels, result.bytes().data() + i * size, nearest_byte);
  });
  return result;
}

Dataset corrupted(const Dataset& dataset, std::span<const uint32_t> indices, Corruption corruption,
                  int strength, uint64_t seed, const kernels::WarpKernels& kernels,
                  ThreadPool& pool) {
  INKLING_CHECK(strength >= 1 && strength <= kCorruptionStrengths);
  if (is_geometric(corruption)) {
    const double length = std::min(dataset.height, dataset.width) / 28.0;
    const auto draw = [&](uint32_t index) {
      return geometry_of(corruption, strength, length, random_of(seed, corruption, index));
    };
    return warped(dataset, indices, draw, kernels, pool);
  }
  Dataset result = like(dataset, indices);
  const int channels = dataset.channels, pixels = dataset.height * dataset.width;
  for_images(count_of(indices), pool, [&](int i, int) {
    const uint8_t* from = dataset.image(at(indices, i)).data();
    uint8_t* to = result.bytes().data() + std::ptrdiff_t{i} * pixels * channels;
    for (int channel = 0; channel < channels; ++channel) {
      Plane plane(dataset.height, dataset.width);
      for (int p = 0; p < pixels; ++p) {
        at(plane.values, p) = from[p * channels + channel] / 255.0F;
      }
      // Every channel draws the same.
      Random random = random_of(seed, corruption, at(indices, i));
      corrupt_plane(plane, corruption, strength, random);
      for (int p = 0; p < pixels; ++p) {
        to[p * channels + channel] = nearest_byte(255 * at(plane.values, p));
      }
    }
  });
  return result;
}

}  // namespace inkling

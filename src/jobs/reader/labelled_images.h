// Internal to jobs: what the training images of the reader and of the locator have in common.
#pragma once

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/index.h"
#include "base/random.h"
#include "data/dataset.h"
#include "jobs/observer.h"
#include "nn/engine.h"

namespace inkling {

struct LabelledImages {
  std::vector<uint8_t> pixels;  // [n, side, side]
  std::vector<uint8_t> labels;  // [n]

  void add(std::span<const uint8_t> image, int label) {
    pixels.insert(pixels.end(), image.begin(), image.end());
    labels.push_back(narrow<uint8_t>(label));
  }
  void add(const LabelledImages& more) {
    pixels.insert(pixels.end(), more.pixels.begin(), more.pixels.end());
    labels.insert(labels.end(), more.labels.begin(), more.labels.end());
  }
};

// The training images of MNIST or of a dataset like it. Throws Error if it is not ten digits in
// MNIST's form.
Dataset load_digits(const std::string& dataset, const std::string& data_dir);

// Throws Error (usage) naming --kept-back if none would be left.
std::vector<uint32_t> all_but_last(const Dataset& images, int kept_back);

std::vector<std::string> digit_names();  // "0" to "9"

// As IDX files and classes.txt.
void write_images(LabelledImages images, int side, std::span<const std::string> class_names,
                  const std::filesystem::path& out);

// Scenes 0 … count - 1 of a stream, the same on any number of threads: add(Random&,
// LabelledImages&) draws one and adds its images.
template <typename Add>
LabelledImages from_scenes(int count, uint64_t seed, uint64_t stream, Engine& engine,
                           JobObserver& observer, std::string_view what, const Add& add) {
  constexpr int kScenesAPiece = 32;
  Stage stage(observer, what);
  LabelledImages all;
  const int pieces_at_once = 16 * engine.pool().threads();
  for (int first = 0; first < count; first += pieces_at_once * kScenesAPiece) {
    const int scenes = std::min(count - first, pieces_at_once * kScenesAPiece);
    std::vector<LabelledImages> parts(narrow<size_t>(ceil_div(scenes, kScenesAPiece)));
    engine.pool().run(count_of(parts), [&](int piece) {
      const int begin = piece * kScenesAPiece;
      for (int i = begin; i < std::min(scenes, begin + kScenesAPiece); ++i) {
        Random random(seed, stream, narrow<uint64_t>(first + i));
        add(random, at(parts, piece));
      }
    });
    for (const LabelledImages& part : parts) all.add(part);
    stage.progress(double{1} * (first + scenes) / count);
  }
  return all;
}

}  // namespace inkling

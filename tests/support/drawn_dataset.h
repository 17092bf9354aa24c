// Pictures a small network learns in a few steps, drawn on the spot: class c is a bright bar at a
// place of its own (even classes lying, odd ones standing) on noise.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/random.h"
#include "data/dataset.h"

namespace inkling {

struct Drawing {
  int images = 200;
  int classes = 4;
  int side = 8;
  double wrong_labels = 0;  // fraction of labels drawn at random: what nobody can learn
  uint64_t seed = 1;
};

inline Dataset drawn_dataset(const Drawing& drawing) {
  Dataset dataset;
  dataset.name = "drawn";
  dataset.height = dataset.width = drawing.side;
  dataset.classes = drawing.classes;
  for (int c = 0; c < drawing.classes; ++c) dataset.class_names.push_back(std::to_string(c));
  const int places = (drawing.classes + 1) / 2, thickness = drawing.side / places / 2 + 1;
  for (int n = 0; n < drawing.images; ++n) {
    Random random(drawing.seed, 0, static_cast<uint64_t>(n));
    const int shown = n % drawing.classes, begin = shown / 2 * drawing.side / places;
    for (int y = 0; y < drawing.side; ++y) {
      for (int x = 0; x < drawing.side; ++x) {
        const int across = shown % 2 == 0 ? y : x;
        const bool bar = across >= begin && across < begin + thickness;
        dataset.bytes().push_back(static_cast<uint8_t>((bar ? 120 : 0) + random.below(136)));
      }
    }
    const bool wrong = random.uniform() < drawing.wrong_labels;
    dataset.labels.push_back(static_cast<uint8_t>(
        wrong ? random.below(static_cast<uint64_t>(drawing.classes)) : uint64_t(shown)));
  }
  return dataset;
}

// The same images, their byte k as the float k/255.
inline Dataset in_floats(Dataset dataset) {
  std::vector<float> greys;
  for (const uint8_t v : dataset.bytes()) greys.push_back(static_cast<float>(v) / 255);
  dataset.images = std::move(greys);
  return dataset;
}

}  // namespace inkling

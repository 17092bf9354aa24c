// Images of one size, in memory, with or without labels. Not where they came from (idx.h,
// sources.h) nor how a network sees them (batches.h).
//
//   const Dataset train = load_dataset("mnist", Split::kTrain);  // bytes, labelled
//   const Dataset canvas{.name = "canvas", .height = 28, .width = 28, .classes = 10,
//                        .images = std::vector<float>(784)};     // one to predict
//
// Any number of threads may read one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace inkling {

// Grey levels of one image after another: bytes 0 … 255, or floats 0 … 1. Files hold bytes; floats
// are what programs have in memory.
using Pixels = std::variant<std::vector<uint8_t>, std::vector<float>>;

struct Dataset {
  std::string name;                      // as the user called it: "mnist"
  int height = 0, width = 0;             // pixels
  int channels = 1;                      // 1 grey, 3 RGB
  int classes = 0;                       // labels are 0 … classes-1
  Pixels images;                         // [N, height, width, channels]
  std::vector<uint8_t> labels;           // [N]; empty: unlabelled
  std::vector<std::string> class_names;  // [classes]; the numbers themselves where unnamed

  size_t size() const;        // N
  size_t image_size() const;  // height · width · channels

  // The images, and one of them, for what works on bytes alone. Throw Error (input) naming the
  // dataset if its pixels are floats.
  const std::vector<uint8_t>& bytes() const;
  std::vector<uint8_t>& bytes();
  std::span<const uint8_t> image(size_t index) const;
};

// For what needs labels. Throws Error (input) naming the dataset if it has none.
void expect_labels(const Dataset& dataset);

// The byte nearest to a grey level of any size, 0 … 255.
uint8_t nearest_byte(float level);

// One image in bytes, to draw or to write: floats are clipped and rounded.
std::vector<uint8_t> image_in_bytes(const Dataset& dataset, size_t index);

}  // namespace inkling

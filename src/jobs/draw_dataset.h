// Synthetic digits as a dataset on disk: MNIST's four files.
//
//   draw_dataset({.count = 60000, .out = "data/pen"});
#pragma once

#include <cstdint>
#include <filesystem>

#include "data/synth/synth.h"

namespace inkling {

struct DrawRequest {
  size_t count = 60000;       // training images; a test image for every six of them
  uint64_t seed = 1;          // the same seed draws the same images, however many
  SynthOptions form;          // size of an image
  int threads = 0;            // 0: the cores this process may use
  std::filesystem::path out;  // made if need be; its name is the dataset's
};

struct DrawResult {
  size_t train_images = 0, test_images = 0;
};

// Throws Error (usage) where the images would not fit, Error where the folder holds a dataset or
// the disk refuses.
DrawResult draw_dataset(const DrawRequest& request);

}  // namespace inkling

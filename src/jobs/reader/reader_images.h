// The images the default reader learns from: MNIST's own, and what the reader's segmenter makes of
// scenes (scene.h): digits found and brought to form, and, as class 10, everything else it comes
// upon: cut digits, one and a half, pairs, marks, scraps of rules, letters, scribbles, shapes.
//
//   draw_reader_images({.out = "build/reader/data"}, engine, observer);
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "jobs/observer.h"
#include "nn/engine.h"

namespace inkling {

struct ReaderImagesRequest {
  std::string dataset = "mnist";  // whose training images are used
  std::string data_dir;
  int rows = 15000;    // scenes of a row of digits
  int others = 18000;  // scenes of one thing that is no digit
  int kept_back = 0;   // training images, the last ones, that are not used: for choices
  uint64_t seed = 1;
  // Images that this trained model reads wrong are added from twice as many new scenes (mining).
  // Empty: none.
  std::string hard_for;
  std::filesystem::path out;  // a folder of IDX files, created if missing
};

struct ReaderImagesResult {
  size_t digits = 0, refused = 0, mined = 0;
};

// Throws Error as draw_dataset does, and if the dataset is not in MNIST's form. Threads:
// observer.h.
ReaderImagesResult draw_reader_images(const ReaderImagesRequest& request, Engine& engine,
                                      JobObserver& observer);

}  // namespace inkling

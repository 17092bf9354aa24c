// The images the built-in locator learns from: windows of the strips that the reader makes of drawn
// rows (scene.h). Labelled with the digit whose middle is within two pixels of the window's, or,
// farther than four from any, as class 10, "between".
//
//   draw_locator_images({.out = "build/locator/data"}, engine, observer);
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "jobs/observer.h"
#include "nn/engine.h"

namespace inkling {

struct LocatorImagesRequest {
  std::string dataset = "mnist";  // whose training images are used
  std::string data_dir;
  int rows = 50000;   // scenes of a row of digits
  int kept_back = 0;  // training images, the last ones, that are not used: for choices
  uint64_t seed = 1;
  std::filesystem::path out;  // a folder of IDX files, created if missing
};

struct LocatorImagesResult {
  size_t digits = 0, between = 0;
};

// Throws Error as draw_dataset does, and if the dataset is not in MNIST's form. Threads:
// observer.h.
LocatorImagesResult draw_locator_images(const LocatorImagesRequest& request, Engine& engine,
                                        JobObserver& observer);

}  // namespace inkling

// Synthetic digits as a dataset on disk: MNIST's four files.
//
//   draw_dataset({.count = 60000, .out = "data/pen"}, observer);
#pragma once

#include <cstdint>
#include <filesystem>

#include "data/synth/synth.h"
#include "jobs/observer.h"

namespace inkling {

struct DrawRequest {
  size_t count = 60000;       // training images; one test image for every six of them
  uint64_t seed = 1;          // the same seed draws the same images, whatever their number
  SynthOptions form;          // image size
  int threads = 0;            // 0: the cores this process may use
  std::filesystem::path out;  // created if missing; its name becomes the dataset's
};

struct DrawResult {
  size_t train_images = 0, test_images = 0;
};

// Throws Error (usage) if there would be too many images; Error if the folder holds a dataset or
// cannot be written; (interrupted) once cancelled, with nothing or the training images written.
// Threads: observer.h; it makes a pool of its own.
DrawResult draw_dataset(const DrawRequest& request, JobObserver& observer);

}  // namespace inkling

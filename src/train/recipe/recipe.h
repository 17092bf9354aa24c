// Everything that decides a training, in one place: the same recipe on the same data and build
// gives the same weights, bit for bit. How it is written stands in recipe_file.h, what each field
// means and may be in recipe_fields.h.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "data/augment/augment_options.h"
#include "nn/optim/optimiser.h"
#include "nn/optim/schedule.h"

namespace inkling {

struct Augmentation {
  std::string preset = "none";  // where the ranges began
  AugmentOptions ranges;

  bool operator==(const Augmentation&) const = default;
};

// Throws Error (usage) for an unknown preset.
inline Augmentation augmentation(std::string_view preset) {
  return {.preset = std::string(preset), .ranges = augment_preset(preset)};
}

// Learning from a trained model's probabilities besides the labels (Hinton et al. 2015).
struct Distillation {
  std::string teacher;     // run folder or model file; empty: none
  double fraction = 0.9;   // of the loss that is the teacher's, the rest is the labels'
  double temperature = 2;  // divides both sides' logits: above 1, what the teacher holds for
                           // unlikely counts for more
};

struct Recipe {
  std::string model = "cnn3";
  std::string init;  // a trained model to begin with; empty: fresh weights
  // Where the images are from: a named data set or, where that is empty, files.
  std::string dataset = "mnist";
  std::string images, labels, pictures;
  int limit = 0;              // training images used, drawn by class; 0: all
  double val_fraction = 0.1;  // of the training images, stratified; 0: none
  int epochs = 10;
  int batch = 128;                      // images
  double lr = 1e-3;                     // peak learning rate
  uint64_t seed = 1;                    // of initialisation, order, augmentation, dropout, split
  std::string val_metric = "accuracy";  // picks the best epoch: "accuracy", "loss", "macro-f1"
  std::string keep = "best";            // whose weights: "best" or "last"
  int patience = 0;                     // epochs without improvement before stopping; 0: never
  int checkpoint_every = 1;             // epochs; 0: none
  double label_smoothing = 0;
  double ema = 0;    // decay of a moving average of the weights; 0: none
  bool tta = false;  // the trained model answers by several views of an image (predict.h)
  std::string isa = "auto", precision = "auto";
  OptimiserOptions optimiser;
  ScheduleOptions schedule;
  Distillation distil;
  Augmentation augment;

  // What its images are called: the data set, or the files.
  const std::string& data_name() const {
    return !pictures.empty() ? pictures : !images.empty() ? images : dataset;
  }
};

}  // namespace inkling

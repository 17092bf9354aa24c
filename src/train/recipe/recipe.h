// Everything that decides a training, in one place: the same recipe on the same data and build
// gives bit-identical weights. Its syntax is recipe_toml.h's, the meaning and range of each field
// recipe_fields.h's.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "data/augment/augment_options.h"
#include "nn/optim/optimiser.h"
#include "nn/optim/schedule.h"

namespace inkling {

struct Augmentation {
  std::string preset = "none";  // that the ranges started from
  AugmentOptions ranges;

  bool operator==(const Augmentation&) const = default;
};

// Throws Error (usage) for an unknown preset.
inline Augmentation augmentation(std::string_view preset) {
  return {.preset = std::string(preset), .ranges = augment_preset(preset)};
}

// Learning from a trained model's probabilities besides the labels (Hinton et al. 2015).
struct Distillation {
  std::string teacher;    // run folder or model file; empty: none
  double fraction = 0.9;  // of the loss that comes from the teacher; the rest comes from the labels
  double temperature = 2;  // divides both networks' logits: above 1, classes the teacher finds
                           // unlikely count for more
};

struct Recipe {
  std::string model = "cnn3";
  std::string init;  // a trained model to start from; empty: fresh weights
  // Where the images come from: a named dataset or, if that is empty, files.
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
  bool tta = false;  // the trained model predicts the mean over several views (predict.h)
  std::string isa = "auto", precision = "auto";
  OptimiserOptions optimiser;
  ScheduleOptions schedule;
  Distillation distil;
  Augmentation augment;

  // What its images are called: the dataset, or the files.
  const std::string& data_name() const {
    return !pictures.empty() ? pictures : !images.empty() ? images : dataset;
  }
};

}  // namespace inkling

// A trained network with all that is needed to use it: architecture, parameters, how pixels are
// normalised, the classes' names. Not its file, which is store/model_file.h's.
//
// Plain data: any number of threads may read one at the same time; while one thread changes it, no
// other may read.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/standardise.h"
#include "nn/architecture/architecture.h"
#include "nn/parameters.h"

namespace inkling {

// A pixel enters the network as (pixel/255 - mean) / sd, where an sd of 0 counts as 1.
struct Normalisation {
  double mean = 0, sd = 1;  // of pixel/255; sd at least 0

  double divisor() const { return sd_divisor(sd); }
  bool operator==(const Normalisation&) const = default;
};

// From a pixel normalised one way to the same pixel normalised another: scale * x + offset.
struct Renormalisation {
  double scale = 1, offset = 0;
};
inline Renormalisation renormalisation(const Normalisation& from, const Normalisation& to) {
  return {.scale = from.divisor() / to.divisor(), .offset = (from.mean - to.mean) / to.divisor()};
}

// What a reject class is called, in classes.txt and in a model.
inline constexpr const char* kRejectClass = "not-a-digit";

struct Model {
  Model(Architecture architecture, const Normalisation& pixels)
      : net(std::make_shared<const Architecture>(std::move(architecture))),
        parameters(*net),
        normalisation(pixels) {}

  std::shared_ptr<const Architecture> net;
  Parameters parameters;
  Normalisation normalisation;
  std::vector<std::string> class_names;      // [classes]
  std::map<std::string, std::string> notes;  // what else the file says of itself: "dataset", ...

  // Whether a picture enters by its ink, found and brought to MNIST's form, rather than whole,
  // scaled to the network's input: the note "input_form".
  bool reads_ink() const {
    const auto note = notes.find("input_form");
    return note != notes.end() && note->second == "ink";
  }
  void read_ink(bool ink) { notes["input_form"] = ink ? "ink" : "whole"; }

  // Whether the last of several classes is the reject class, "not one digit": the note
  // "reject_class" names it.
  bool refuses() const {
    const auto note = notes.find("reject_class");
    return note != notes.end() && class_names.size() > 1 && class_names.back() == note->second;
  }
  void refuse_by_last_class() { notes["reject_class"] = class_names.back(); }

  // Whether an image's prediction is the mean over several views of it (test-time augmentation), as
  // its recipe may say: the note "tta".
  bool predicts_by_views() const {
    const auto note = notes.find("tta");
    return note != notes.end() && note->second == "true";
  }
  void predict_by_views(bool views) {
    if (views) {
      notes["tta"] = "true";
    } else {
      notes.erase("tta");
    }
  }
};

}  // namespace inkling

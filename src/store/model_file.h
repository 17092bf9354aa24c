// A trained model as one safetensors file: the parameters under their slots' names, and in the
// metadata everything needed to use them: the network file, the input's mean and deviation, the
// class names. Weights keep the engine's layout: conv [kernel, kernel, in, out], dense [in, out].
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "nn/architecture/architecture.h"
#include "nn/parameters.h"
#include "store/safetensors.h"

namespace inkling {

// The model's name in every folder that holds one.
inline constexpr const char* kModelFile = "model.safetensors";

struct Model {
  Model(Architecture architecture, double input_mean, double input_sd)
      : net(std::make_shared<const Architecture>(std::move(architecture))),
        parameters(*net),
        mean(input_mean),
        sd(input_sd) {}

  std::shared_ptr<const Architecture> net;
  Parameters parameters;
  double mean, sd;                           // a pixel enters as (pixel / 255 - mean) / sd
  std::vector<std::string> class_names;      // [classes]
  std::map<std::string, std::string> notes;  // what else the file says of itself: "dataset", ...

  // Whether an answer about an image is the mean over several views of it (test-time augmentation),
  // as its recipe may say: the note "tta".
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

std::vector<TensorData> tensors_of(const Architecture& net, const Parameters& parameters);

// Atomic. Throws Error where the disk refuses.
void save_model(const std::filesystem::path& path, const Model& model);

// Throws Error, naming the file, if it is no safetensors file, no Inkling model, if tensors and
// architecture disagree, or if weights are not finite. Takes no more memory than a few times the
// file's length, whatever the file claims.
Model load_model(const std::filesystem::path& path);

// Copies all parameters of `from`, read from `source`. Throws Error (input) naming the first tensor
// in which the two networks differ.
void take_weights(const Model& from, const std::string& source, Model& to);

}  // namespace inkling

// A picture as a network's input: its ink, found and brought to the form of the images the network
// learned from, or the whole of it, scaled. Any number of threads may call.
#pragma once

#include <optional>
#include <vector>

#include "data/dataset.h"
#include "nn/model.h"
#include "recognize/ink.h"

namespace inkling {

enum class InputForm {
  kAsTrained,  // as the model says
  kFindInk,    // its ink as a digit (find_digit.h); of a blank picture nothing
  kTakeWhole   // all of it, scaled to the network's size and channels, light and dark as they are
};

// Throws Error (input) naming the network if it is to find ink but does not take images of 28x28x1.
bool finds_ink(const Model& model, InputForm form);

struct NetworkInput {
  Dataset image;                // one unlabelled image
  std::optional<PixelBox> box;  // of the ink, pixels of the picture; of a whole picture none
};

// The one way to see the picture or, where lines are ruled across it, two (find_digit.h); none if
// it has no ink. Throws Error as finds_ink does.
std::vector<NetworkInput> network_inputs(Picture picture, const Model& model,
                                         InputForm form = InputForm::kAsTrained);

}  // namespace inkling

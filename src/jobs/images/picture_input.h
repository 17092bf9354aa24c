// A picture file as a network's input: its ink, found and brought to the form of the images the
// network learned from, or the whole of it, scaled.
#pragma once

#include <optional>
#include <string>

#include "data/dataset.h"
#include "nn/model.h"
#include "recognize/ink.h"

namespace inkling {

enum class InputForm {
  kAsTrained,  // as the model says
  kFindInk,    // its ink as a digit (recognize/find_digit.h); of a blank picture nothing
  kTakeWhole   // all of it, scaled to the network's size and channels, light and dark as they are
};

struct PictureInput {
  Dataset image;                // one unlabelled image
  std::optional<PixelBox> box;  // of the ink, pixels of the picture; of a whole picture none
};

// Nothing if the picture has no ink. Throws Error (input) naming the file if it is not a picture,
// or naming the network if that cannot take ink: it must expect images of 28x28x1.
std::optional<PictureInput> picture_input(const std::string& file, const Model& model,
                                          InputForm form = InputForm::kAsTrained);

}  // namespace inkling

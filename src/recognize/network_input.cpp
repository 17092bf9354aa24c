#include "recognize/network_input.h"

#include <utility>

#include "base/error.h"
#include "data/formats/picture.h"
#include "data/scale.h"
#include "recognize/find_digit.h"

namespace inkling {
namespace {

Picture in_colour(const Picture& grey) {
  Picture picture{.width = grey.width, .height = grey.height, .channels = 3, .pixels = {}};
  for (const uint8_t level : grey.pixels) picture.pixels.insert(picture.pixels.end(), 3, level);
  return picture;
}

Picture whole(Picture picture, const Shape& input) {
  if (input.channels == 1) picture = to_grey(std::move(picture));
  if (picture.channels == 1 && input.channels == 3) picture = in_colour(picture);
  return scaled(picture, input.height, input.width);
}

}  // namespace

bool finds_ink(const Model& model, InputForm form) {
  const bool ink =
      form == InputForm::kFindInk || (form == InputForm::kAsTrained && model.reads_ink());
  constexpr Shape kForm{kFormSide, kFormSide, 1};
  if (ink && model.net->input != kForm) {
    throw input_error("{}: expected a network for images of {} to read ink with, found {}",
                      model.net->name, to_string(kForm), to_string(model.net->input));
  }
  return ink;
}

std::vector<NetworkInput> network_inputs(Picture picture, const Model& model, InputForm form) {
  const Architecture& net = *model.net;
  const auto input = [&](std::vector<uint8_t> pixels, const std::optional<PixelBox>& box) {
    NetworkInput made{.image = {}, .box = box};
    made.image.name = "picture";
    made.image.height = net.input.height;
    made.image.width = net.input.width;
    made.image.channels = net.input.channels;
    made.image.classes = net.classes;
    made.image.images = std::move(pixels);
    return made;
  };
  std::vector<NetworkInput> inputs;
  if (!finds_ink(model, form)) {
    inputs.push_back(input(whole(std::move(picture), net.input).pixels, std::nullopt));
    return inputs;
  }
  for (NormalisedDigit& digit : find_digit_candidates(to_grey(std::move(picture)))) {
    inputs.push_back(input(std::move(digit.pixels), digit.box));
  }
  return inputs;
}

}  // namespace inkling

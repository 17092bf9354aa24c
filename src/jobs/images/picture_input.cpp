#include "jobs/images/picture_input.h"

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

std::optional<PictureInput> picture_input(const std::string& file, const Model& model,
                                          InputForm form) {
  const Architecture& net = *model.net;
  const bool ink =
      form == InputForm::kFindInk || (form == InputForm::kAsTrained && model.reads_ink());
  constexpr Shape kForm{kFormSide, kFormSide, 1};
  if (ink && net.input != kForm) {
    throw input_error("{}: expected a network for images of {} to read ink with, found {}",
                      net.name, to_string(kForm), to_string(net.input));
  }
  Picture picture = read_picture(file);
  PictureInput input;
  input.image.name = file;
  input.image.height = net.input.height;
  input.image.width = net.input.width;
  input.image.channels = net.input.channels;
  input.image.classes = net.classes;
  if (!ink) {
    input.image.images = whole(std::move(picture), net.input).pixels;
    return input;
  }
  std::optional<NormalisedDigit> digit = find_digit(to_grey(std::move(picture)));
  if (!digit) return std::nullopt;
  input.image.images = std::move(digit->pixels);
  input.box = digit->box;
  return input;
}

}  // namespace inkling

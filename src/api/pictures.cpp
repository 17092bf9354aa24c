// The C interface's functions about pictures.
#include <algorithm>
#include <memory>

#include "api/loaded_model.h"
#include "api/status.h"
#include "base/index.h"
#include "data/formats/alpha.h"
#include "data/formats/picture.h"

using namespace inkling;

struct inkling_reading {
  Reading reading;
};

namespace {

// Rows of 1, 3 or 4 bytes a pixel, as a picture of grey or RGB.
Picture picture_of_pixels(const inkling_picture& given, int channels) {
  if (given.width < 1 || given.height < 1 ||
      int64_t{given.width} * given.height > kMaxPicturePixels) {
    throw usage_error(
        "inkling_picture: expected a width and height of at least 1, at most {} pixels, found "
        "{}x{}",
        kMaxPicturePixels, given.width, given.height);
  }
  const auto width = narrow<size_t>(given.width), height = narrow<size_t>(given.height);
  const size_t row = width * narrow<size_t>(channels);
  const size_t stride = given.stride == 0 ? row : given.stride;
  if (stride < row) {
    throw usage_error("inkling_picture.stride: expected at least {}, found {}", row, stride);
  }
  if (given.bytes < row || (given.bytes - row) / stride < height - 1) {
    throw usage_error("inkling_picture.bytes: expected {} rows of {}, {} apart, found {}", height,
                      row, stride, given.bytes);
  }
  const auto* bytes = static_cast<const uint8_t*>(given.data);
  if (channels == 4) return blended(bytes, given.width, given.height, std::ptrdiff_t(stride));
  Picture picture{.width = given.width, .height = given.height, .channels = channels, .pixels = {}};
  picture.pixels.reserve(row * height);
  for (size_t y = 0; y < height; ++y) {
    picture.pixels.insert(picture.pixels.end(), bytes + y * stride, bytes + y * stride + row);
  }
  return picture;
}

Picture picture_of(const inkling_picture* pointer, const inkling_model& model) {
  const inkling_picture& picture = given(pointer, "inkling_picture");
  expect_given(static_cast<const uint8_t*>(picture.data), "inkling_picture.data");
  switch (picture.format) {
    case INKLING_ENCODED:
      return decode_picture({static_cast<const uint8_t*>(picture.data), picture.bytes}, "picture",
                            {.longest_needed = model.reader().reads_ink() ? kLongestNeeded : 0});
    case INKLING_GREY:
      return picture_of_pixels(picture, 1);
    case INKLING_RGB:
      return picture_of_pixels(picture, 3);
    case INKLING_RGBA:
      return picture_of_pixels(picture, 4);
  }
  throw usage_error("inkling_picture.format: expected an inkling_format, found {}",
                    int{picture.format});
}

inkling_reason reason_of(Refusal refusal) {
  switch (refusal) {
    case Refusal::kBlank:
      return INKLING_BLANK;
    case Refusal::kNotADigit:
      return INKLING_NOT_A_DIGIT;
    case Refusal::kUnreadable:
      return INKLING_UNREADABLE;
    case Refusal::kNone:
      break;
  }
  return INKLING_READ;
}

inkling_box box_of(const PixelBox& box) {
  return {.x = box.left, .y = box.top, .width = box.width(), .height = box.height()};
}

}  // namespace

extern "C" {

inkling_status inkling_predict(const inkling_model* model, const inkling_picture* picture,
                               inkling_prediction* prediction, float* probabilities) {
  return guarded([&] {
    expect_given(model, "model");
    given(prediction, "inkling_prediction");
    Picture decoded = picture_of(picture, *model);
    DigitPrediction made;
    model->with_workspace([&](Reader::Workspace& workspace) {
      made = model->reader().predict(std::move(decoded), workspace);
    });
    prediction->digit = made.digit;
    prediction->reason = reason_of(made.refusal);
    prediction->confidence = made.is_read() ? made.confidence : -1;
    prediction->p_refused = made.p_refused;
    prediction->box = made.box ? box_of(*made.box) : inkling_box{};
    if (probabilities == nullptr) return;
    if (model->model().refuses()) made.probabilities.push_back(static_cast<float>(made.p_refused));
    made.probabilities.resize(narrow<size_t>(model->model().net->classes), 0);
    std::ranges::copy(made.probabilities, probabilities);
  });
}

inkling_status inkling_read(const inkling_model* model, const inkling_picture* picture,
                            inkling_reading** reading) {
  if (reading != nullptr) *reading = nullptr;
  return guarded([&] {
    expect_given(model, "model");
    expect_given(reading, "reading");
    const Picture decoded = picture_of(picture, *model);
    auto made = std::make_unique<inkling_reading>();
    model->with_workspace([&](Reader::Workspace& workspace) {
      made->reading = model->reader().read(decoded, workspace);
    });
    *reading = made.release();
  });
}

const char* inkling_reading_text(const inkling_reading* reading) {
  return reading == nullptr ? "" : reading->reading.text.c_str();
}

double inkling_reading_confidence(const inkling_reading* reading) {
  return reading == nullptr ? 0 : reading->reading.confidence;
}

inkling_reason inkling_reading_reason(const inkling_reading* reading) {
  return reading == nullptr ? INKLING_BLANK : reason_of(reading->reading.refusal);
}

size_t inkling_reading_digits(const inkling_reading* reading) {
  return reading == nullptr ? 0 : reading->reading.digits.size();
}

inkling_status inkling_reading_digit(const inkling_reading* reading, size_t index,
                                     inkling_digit* digit) {
  return guarded([&] {
    expect_given(reading, "reading");
    given(digit, "inkling_digit");
    const std::vector<ReadDigit>& digits = reading->reading.digits;
    if (index >= digits.size()) {
      throw usage_error("index: expected less than {}, found {}", digits.size(), index);
    }
    digit->digit = digits[index].digit;
    digit->confidence = digits[index].confidence;
    digit->box = box_of(digits[index].box);
    digit->row = digits[index].row;
  });
}

void inkling_free_reading(inkling_reading* reading) { delete reading; }

}  // extern "C"

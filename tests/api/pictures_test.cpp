// The C interface about pictures.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "data/formats/picture.h"
#include "inkling/inkling.h"
#include "support/c_interface.h"
#include "support/digit_row.h"

namespace inkling {
namespace {

using testing::HasSubstr;
using testing::StrEq;

inkling_picture given(inkling_format format, const std::vector<uint8_t>& data, int width = 0,
                      int height = 0) {
  return {.size = sizeof(inkling_picture),
          .format = format,
          .data = data.data(),
          .bytes = data.size(),
          .width = width,
          .height = height,
          .stride = 0};
}

class CPictures : public testing::Test {
 protected:
  inkling_prediction predict(const inkling_picture& picture, float* probabilities = nullptr) {
    inkling_prediction prediction{};
    prediction.size = sizeof prediction;
    EXPECT_EQ(inkling_predict(model_.get(), &picture, &prediction, probabilities), INKLING_OK)
        << inkling_last_error();
    return prediction;
  }
  std::string read(const inkling_picture& picture) {
    inkling_reading* reading = nullptr;
    EXPECT_EQ(inkling_read(model_.get(), &picture, &reading), INKLING_OK) << inkling_last_error();
    const std::string text = inkling_reading_text(reading);
    inkling_free_reading(reading);
    return text;
  }

  CModel model_;
  Picture three_ = row_of("3", 90), row_ = row_of("8305", 60);
};

TEST_F(CPictures, ArePredictedEncodedOrInPixels) {
  std::vector<float> probabilities(11);
  const std::vector<uint8_t> png = encode_png(three_);
  const inkling_prediction encoded = predict(given(INKLING_ENCODED, png), probabilities.data());
  EXPECT_EQ(encoded.digit, 3);
  EXPECT_EQ(encoded.reason, INKLING_READ);
  EXPECT_FLOAT_EQ(static_cast<float>(encoded.confidence), probabilities[3]);
  EXPECT_NEAR(std::accumulate(probabilities.begin(), probabilities.end(), 0.0), 1, 1e-5);
  EXPECT_GT(encoded.box.width, 20);

  std::vector<uint8_t> rgb, rgba, apart;  // apart: rows 7 bytes apart from each other
  for (int y = 0; y < three_.height; ++y) {
    for (int x = 0; x < three_.width; ++x) {
      const uint8_t level = three_.pixels[size_t(y * three_.width + x)];
      rgb.insert(rgb.end(), {level, level, level});
      rgba.insert(rgba.end(), {level, level, level, 255});
      apart.push_back(level);
    }
    apart.insert(apart.end(), 7, 0);
  }
  const int width = three_.width, height = three_.height;
  inkling_picture strided = given(INKLING_GREY, apart, width, height);
  strided.stride = size_t(width) + 7;
  for (const inkling_picture& picture :
       {given(INKLING_GREY, three_.pixels, width, height), given(INKLING_RGB, rgb, width, height),
        given(INKLING_RGBA, rgba, width, height), strided}) {
    const inkling_prediction same = predict(picture);
    EXPECT_EQ(same.digit, 3);
    EXPECT_EQ(same.confidence, encoded.confidence);
    EXPECT_EQ(same.box.x, encoded.box.x);
  }
}

TEST_F(CPictures, AreRead) {
  const std::vector<uint8_t> png = encode_png(row_);
  const inkling_picture picture = given(INKLING_ENCODED, png);
  inkling_reading* reading = nullptr;
  ASSERT_EQ(inkling_read(model_.get(), &picture, &reading), INKLING_OK);
  EXPECT_THAT(inkling_reading_text(reading), StrEq("8305"));
  EXPECT_EQ(inkling_reading_reason(reading), INKLING_READ);
  EXPECT_GT(inkling_reading_confidence(reading), 0.5);
  ASSERT_EQ(inkling_reading_digits(reading), 4u);
  inkling_digit digit{};
  digit.size = sizeof digit;
  ASSERT_EQ(inkling_reading_digit(reading, 3, &digit), INKLING_OK);
  EXPECT_EQ(digit.digit, 5);
  EXPECT_NEAR(digit.box.x, 30 + 3 * 75, 6);
  EXPECT_EQ(inkling_reading_digit(reading, 4, &digit), INKLING_BAD_ARGUMENT);
  inkling_free_reading(reading);
}

TEST_F(CPictures, WithoutInkAreBlank) {
  const std::vector<uint8_t> white(4800, 240);
  const inkling_picture blank = given(INKLING_GREY, white, 80, 60);
  std::vector<float> probabilities(11, 7);
  const inkling_prediction prediction = predict(blank, probabilities.data());
  EXPECT_EQ(prediction.digit, -1);
  EXPECT_EQ(prediction.reason, INKLING_BLANK);
  EXPECT_EQ(prediction.confidence, -1);
  EXPECT_EQ(prediction.box.width, 0);
  EXPECT_THAT(probabilities, testing::Each(0));
  EXPECT_EQ(read(blank), "");
}

TEST_F(CPictures, MisuseGivesCodesAndMessages) {
  inkling_prediction prediction{};
  prediction.size = sizeof prediction;
  const auto status = [&](const inkling_picture* picture) {
    return inkling_predict(model_.get(), picture, &prediction, nullptr);
  };
  const auto expect_bad = [&](inkling_picture picture, const char* message) {
    EXPECT_EQ(status(&picture), INKLING_BAD_ARGUMENT);
    EXPECT_THAT(inkling_last_error(), HasSubstr(message));
  };
  EXPECT_EQ(status(nullptr), INKLING_BAD_ARGUMENT);
  const std::vector<uint8_t> pixels(100);
  const inkling_picture good = given(INKLING_GREY, pixels, 10, 10);
  EXPECT_EQ(status(&good), INKLING_OK);
  inkling_picture bad = good;
  bad.size = 0;
  expect_bad(bad, "size");
  bad = good;
  bad.data = nullptr;
  expect_bad(bad, "data");
  bad = good;
  bad.bytes = 99;
  expect_bad(bad, "bytes");
  bad = good;
  bad.height = 0;
  expect_bad(bad, "height");
  bad = good;
  bad.width = bad.height = 2'000'000'000;
  expect_bad(bad, "2000000000x2000000000");
  bad = good;
  bad.stride = 9;
  expect_bad(bad, "stride");
  bad = good;
  bad.stride = SIZE_MAX;
  expect_bad(bad, "bytes");
  bad = good;
  bad.format = inkling_format(9);
  expect_bad(bad, "format");

  const std::vector<uint8_t> nonsense = {'n', 'o'};
  const inkling_picture undecodable = given(INKLING_ENCODED, nonsense);
  EXPECT_EQ(status(&undecodable), INKLING_BAD_INPUT);
  EXPECT_EQ(inkling_predict(nullptr, &good, &prediction, nullptr), INKLING_BAD_ARGUMENT);
  EXPECT_EQ(inkling_predict(model_.get(), &good, nullptr, nullptr), INKLING_BAD_ARGUMENT);
  EXPECT_EQ(inkling_read(model_.get(), &good, nullptr), INKLING_BAD_ARGUMENT);
  inkling_reading* reading = nullptr;
  EXPECT_EQ(inkling_read(nullptr, &good, &reading), INKLING_BAD_ARGUMENT);
  EXPECT_THAT(inkling_reading_text(nullptr), StrEq(""));
  EXPECT_EQ(inkling_reading_digits(nullptr), 0u);
  inkling_free_reading(nullptr);
}

}  // namespace
}  // namespace inkling

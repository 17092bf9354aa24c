#include "recognize/reading.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace inkling {
namespace {

TEST(ReadingJson, OfADigitHasAllItsKeys) {
  const DigitPrediction prediction{.digit = 7,
                                   .label = "7",
                                   .confidence = 0.75,
                                   .probabilities = {0.125f, 0.75f},
                                   .p_refused = 0.125,
                                   .box = PixelBox{2, 3, 12, 23}};
  EXPECT_EQ(to_json(prediction).dump(),
            R"({"digit":7,"label":"7","confidence":0.75,"probabilities":[0.125,0.75],)"
            R"("p_refused":0.125,"box":[2,3,10,20]})");
}

TEST(ReadingJson, OfARefusalSaysWhyAndWhatWasProbable) {
  EXPECT_EQ(to_json(DigitPrediction{.refusal = Refusal::kBlank}).dump(),
            R"({"digit":null,"label":null,"confidence":null,"reason":"blank"})");
  const DigitPrediction letter{
      .refusal = Refusal::kNotADigit, .probabilities = {0.25f}, .p_refused = 0.75};
  EXPECT_EQ(to_json(letter).dump(),
            R"({"digit":null,"label":null,"confidence":null,"probabilities":[0.25],)"
            R"("p_refused":0.75,"reason":"not-a-digit"})");
}

TEST(ReadingJson, OfRowsHasTheirDigitsInOrder) {
  const Reading reading{
      .text = "1\n2",
      .confidence = 0.5,
      .digits = {{.digit = 1, .label = "1", .confidence = 0.75, .box = {0, 0, 2, 4}},
                 {.digit = 2, .label = "2", .confidence = 0.5, .row = 1}}};
  EXPECT_EQ(to_json(reading).dump(), R"({"text":"1\n2","confidence":0.5,"digits":[)"
                                     R"({"digit":1,"confidence":0.75,"box":[0,0,2,4],"row":0},)"
                                     R"({"digit":2,"confidence":0.5,"box":[0,0,0,0],"row":1}]})");
}

TEST(ReadingJson, OfNothingReadSaysWhy) {
  EXPECT_EQ(to_json(Reading{.refusal = Refusal::kNotADigit}).dump(),
            R"({"text":null,"confidence":null,"reason":"not-a-digit"})");
}

}  // namespace
}  // namespace inkling

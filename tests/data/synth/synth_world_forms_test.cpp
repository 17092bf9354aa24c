#include "data/synth/synth_world_forms.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <string_view>

#include "base/index.h"
#include "data/synth/synth.h"
#include "data/synth/synth_scribble.h"

namespace inkling {
namespace {

// Names once each, points within a digit's reach and a canvas with ink on it.
void expect_drawable(std::span<const DigitForm> forms) {
  std::set<std::string_view> names;
  for (const DigitForm& form : forms) {
    SCOPED_TRACE(form.name);
    EXPECT_TRUE(names.insert(form.name).second);
    EXPECT_GT(form.fraction, 0);
    for (const FormStroke& stroke : form.strokes) {
      EXPECT_GE(stroke.size(), 2u);
      for (const FormPoint& point : stroke) {
        EXPECT_LE(std::abs(point.x - 0.3), 0.9);
        EXPECT_LE(std::abs(point.y - 0.5), 0.8);
      }
    }
    Random random(1);
    const InkCanvas canvas = mnist_form(write_digit(0, form, HandStyle{}, random), 28, 28, 1);
    EXPECT_GT(*std::max_element(canvas.pixels.begin(), canvas.pixels.end()), 128);
  }
}

TEST(WorldForms, EachDigitHasAtLeastEightWays) {
  for (int digit = 0; digit < 10; ++digit) {
    EXPECT_GE(world_digit_forms(digit).size(), 8u) << digit;
    expect_drawable(world_digit_forms(digit));
  }
}

TEST(WorldForms, LettersAndMarksAreDrawable) {
  EXPECT_GE(letter_forms().size(), 60u);
  expect_drawable(letter_forms());
  expect_drawable(mark_forms());
}

TEST(WorldForms, NoLetterIsOneThatDigitsLookLike) {
  constexpr std::string_view kLikeDigits = "OoDQIilZzSsBbGgq";
  for (const DigitForm& form : letter_forms()) {
    if (form.name.size() != 1) continue;
    EXPECT_EQ(kLikeDigits.find(form.name[0]), std::string_view::npos);
  }
}

TEST(Scribbles, AreTheSameFromTheSameStreamAndNoTwoAlike) {
  std::set<size_t> dots;
  for (uint64_t i = 0; i < 20; ++i) {
    Random random(7, i), again(7, i);
    const PenDrawing scribble = write_scribble(HandStyle{}, random);
    const PenDrawing same = write_scribble(HandStyle{}, again);
    ASSERT_EQ(scribble.strokes.size(), same.strokes.size());
    size_t n = 0;
    for (size_t s = 0; s < same.strokes.size(); ++s) {
      ASSERT_EQ(scribble.strokes[s].size(), same.strokes[s].size());
      EXPECT_EQ(scribble.strokes[s].back().x, same.strokes[s].back().x);
      n += same.strokes[s].size();
    }
    dots.insert(n);
    const InkBox box = ink_box(scribble);
    EXPECT_LT(std::max(box.width(), box.height()), 5);
  }
  EXPECT_GT(dots.size(), 10u);
}

}  // namespace
}  // namespace inkling

#include "data/synth/synth_hand.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>

namespace inkling {
namespace {

// A hand that writes each form as it stands.
constexpr HandStyle kStill{.jitter = 0,
                           .proportion = 0,
                           .warp = 0,
                           .slant = 0,
                           .slant_spread = 0,
                           .turn = 0,
                           .width = 1,
                           .stretch = 0,
                           .loose_ends = 0,
                           .tremor = 0,
                           .pen_spread = 0,
                           .pressure = 0};

TEST(DigitForms, EveryDigitHasSeveralEachWithAShareAndAName) {
  for (int digit = 0; digit < 10; ++digit) {
    std::set<std::string_view> names;
    for (const DigitForm& form : digit_forms(digit)) {
      names.insert(form.name);
      EXPECT_GT(form.fraction, 0);
      ASSERT_FALSE(form.strokes.empty());
      for (const FormStroke& stroke : form.strokes) EXPECT_GE(stroke.size(), 2u);
    }
    EXPECT_GE(names.size(), 5u) << digit;
    EXPECT_EQ(names.size(), digit_forms(digit).size()) << digit;
  }
}

TEST(DigitForms, AreAboutOneHighAndNoWiderThanThat) {
  for (int digit = 0; digit < 10; ++digit) {
    for (const DigitForm& form : digit_forms(digit)) {
      double low_x = 9, high_x = -9, low_y = 9, high_y = -9;
      for (const FormStroke& stroke : form.strokes) {
        for (const FormPoint& point : stroke) {
          low_x = std::min(low_x, point.x), high_x = std::max(high_x, point.x);
          low_y = std::min(low_y, point.y), high_y = std::max(high_y, point.y);
        }
      }
      EXPECT_NEAR(high_y - low_y, 1, 0.1) << digit << " " << form.name;
      EXPECT_LT(high_x - low_x, 0.9) << digit << " " << form.name;
    }
  }
}

TEST(PickForm, EveryFormComesUpByItsShare) {
  constexpr int kDraws = 20000;
  for (int digit = 0; digit < 10; ++digit) {
    std::map<std::string_view, int> counts;
    Random random(7, 0, static_cast<uint64_t>(digit));
    for (int i = 0; i < kDraws; ++i) ++counts[pick_form(digit, random).name];
    double fractions = 0;
    for (const DigitForm& form : digit_forms(digit)) fractions += form.fraction;
    for (const DigitForm& form : digit_forms(digit)) {
      const double expected = form.fraction / fractions;
      EXPECT_NEAR(double(counts[form.name]) / kDraws, expected,
                  4 * std::sqrt(expected / kDraws) + 1e-4)
          << digit << " " << form.name;
    }
  }
}

TEST(WriteDigit, StillHandPassesEveryPointOfTheForm) {
  for (int digit = 0; digit < 10; ++digit) {
    for (const DigitForm& form : digit_forms(digit)) {
      Random random(1);
      const PenDrawing drawing = write_digit(digit, form, kStill, random);
      EXPECT_EQ(drawing.digit, digit);
      EXPECT_EQ(drawing.form, form.name);
      ASSERT_EQ(drawing.strokes.size(), form.strokes.size());
      for (size_t s = 0; s < form.strokes.size(); ++s) {
        for (const FormPoint& point : form.strokes[s]) {
          double nearest = 9;
          for (const PenDot& dot : drawing.strokes[s]) {
            nearest = std::min(nearest, std::hypot(dot.x + 0.3 - point.x, dot.y + 0.5 - point.y));
          }
          // Corners are rounded off by up to a few hundredths.
          EXPECT_LT(nearest, 0.08) << digit << " " << form.name;
        }
      }
    }
  }
}

TEST(WriteDigit, DotsStandCloseTogetherAndEveryRadiusIsAboveZero) {
  for (int digit = 0; digit < 10; ++digit) {
    for (uint64_t i = 0; i < 300; ++i) {
      Random random(3, 0, i);
      const PenDrawing drawing = write_digit(digit, pick_form(digit, random), {}, random);
      for (const PenStroke& stroke : drawing.strokes) {
        ASSERT_GE(stroke.size(), 2u);
        for (size_t d = 0; d < stroke.size(); ++d) {
          ASSERT_TRUE(std::isfinite(stroke[d].x) && std::isfinite(stroke[d].y));
          ASSERT_GT(stroke[d].radius, 0.01);
          ASSERT_LT(stroke[d].radius, 0.4);
          if (d == 0) continue;
          const double step =
              std::hypot(stroke[d].x - stroke[d - 1].x, stroke[d].y - stroke[d - 1].y);
          ASSERT_LT(step, 0.6) << digit << " " << drawing.form;
        }
      }
    }
  }
}

TEST(WriteDigit, NobodyWritesItTwiceAlike) {
  const DigitForm& form = digit_forms(5)[0];
  Random first(1, 0, 0), again(1, 0, 0), second(1, 0, 1);
  const double x = write_digit(5, form, {}, first).strokes[0][3].x;
  EXPECT_EQ(write_digit(5, form, {}, again).strokes[0][3].x, x);
  EXPECT_NE(write_digit(5, form, {}, second).strokes[0][3].x, x);
}

}  // namespace
}  // namespace inkling

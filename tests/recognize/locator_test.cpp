#include "recognize/locator.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "nn/architecture/zoo.h"
#include "recognize/rows.h"
#include "store/default_reader.h"
#include "support/digit_row.h"
#include "support/expect_error.h"

namespace inkling {
namespace {

struct Strip {
  Ink ink;
  Row row;
  RowStrip strip;

  explicit Strip(const Picture& picture)
      : ink(find_ink(picture)), row(find_rows(ink).at(0)), strip(strip_of(ink, row)) {}
};

TEST(RowStrip, HasDigitsOfOneHeightAndGroundAtItsEnds) {
  for (const int size : {40, 160}) {
    const Strip row(row_of("507", size));
    EXPECT_EQ(row.strip.pixels.size(), narrow<size_t>(row.strip.width * kStripHeight));
    EXPECT_NEAR(row.strip.width, 3 * 1.25 * kStripDigit + kStripHeight, 16);
    int top = kStripHeight, bottom = 0, left = row.strip.width, right = 0;
    for (int y = 0; y < kStripHeight; ++y) {
      for (int x = 0; x < row.strip.width; ++x) {
        if (at(row.strip.pixels, y * row.strip.width + x) < 128) continue;
        top = std::min(top, y);
        bottom = std::max(bottom, y + 1);
        left = std::min(left, x);
        right = std::max(right, x + 1);
      }
    }
    EXPECT_NEAR(bottom - top, kStripDigit, 3);
    EXPECT_NEAR(left, kStripHeight / 2, 2);
    EXPECT_NEAR(right, row.strip.width - kStripHeight / 2, 2);
    // Where a piece of ink is in the strip.
    const PixelBox& first = row.ink.pieces.at(0).box;
    EXPECT_GE(row.strip.x_of(first.left), kStripHeight / 2 - 1);
  }
}

TEST(RowStrip, IsTheRowsInkAlone) {
  Strip row(row_of("11", 60));
  row.row.pieces.resize(1);  // the other 1 belongs to another row
  const RowStrip alone = strip_of(row.ink, row.row);
  EXPECT_LT(alone.width, row.strip.width - kStripDigit / 2);
}

class BuiltInLocator : public testing::Test {
 protected:
  Engine engine_{EngineOptions{.precision = "f32", .threads = 1}};
  Locator locator_{default_locator(), engine_};
  Locator::Workspace workspace_ = locator_.workspace();
};

TEST_F(BuiltInLocator, NamesEachDigitAtItsMiddle) {
  const std::string text = "8052791346";  // longer than a tile
  const Strip row(row_of(text, 80));
  const Locations found = locator_.locate(row.strip, workspace_);
  EXPECT_EQ(
      found.log_probabilities.size(),
      narrow<size_t>(((row.strip.width - kStripHeight) / Locations::kApart + 1) * kLocatorClasses));
  std::vector<PixelBox> boxes;
  for (const InkPiece& piece : row.ink.pieces) boxes.push_back(piece.box);
  std::ranges::sort(boxes, {}, &PixelBox::left);
  ASSERT_EQ(boxes.size(), text.size());
  int right = 0;
  for (int i = 0; i < count_of(boxes); ++i) {
    const double middle = row.strip.x_of((at(boxes, i).left + at(boxes, i).right) / 2.0);
    const std::span<const float> p = found.at_x(middle);
    right += std::ranges::max_element(p) - p.begin() == at(text, i) - '0';
  }
  EXPECT_GE(right, 9);
}

TEST_F(BuiltInLocator, GivesEachPlaceADistribution) {
  const Strip row(row_of("42", 80));
  const Locations found = locator_.locate(row.strip, workspace_);
  for (size_t place = 0; place < found.log_probabilities.size(); place += kLocatorClasses) {
    double sum = 0;
    for (size_t c = 0; c < kLocatorClasses; ++c) {
      sum += std::exp(found.log_probabilities[place + c]);
    }
    EXPECT_NEAR(sum, 1, 1e-4);
  }
}

TEST_F(BuiltInLocator, IsANetworkForWindows) {
  EXPECT_ERROR(Locator(Model(zoo_architecture("cnn3"), {}), engine_), ErrorKind::kInput, "cnn3",
               "32x32x1", "28x28x1");
}

}  // namespace
}  // namespace inkling

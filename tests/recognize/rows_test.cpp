#include "recognize/rows.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "recognize/atoms.h"
#include "recognize/lattice.h"
#include "recognize/rules.h"
#include "support/ink_blocks.h"

namespace inkling {
namespace {

TEST(Pieces, AreNumberedFromTheTopThenFromTheLeft) {
  const Ink ink = blocks(20, 30, {{20, 2, 24, 6}, {2, 4, 6, 9}, {10, 12, 12, 15}});
  ASSERT_EQ(ink.pieces.size(), 3u);
  EXPECT_EQ(ink.pieces[0].box, (PixelBox{20, 2, 24, 6}));
  EXPECT_EQ(ink.pieces[1].box, (PixelBox{2, 4, 6, 9}));
  EXPECT_EQ(ink.pieces[2].pixels, 6);
}

TEST(Pieces, ThatTouchAtACornerAreOne) {
  EXPECT_EQ(blocks(10, 10, {{1, 1, 4, 4}, {4, 4, 7, 7}}).pieces.size(), 1u);
}

TEST(Rows, PiecesBesideOneAnotherAreARowAlsoWhereItSlopes) {
  const Ink ink = blocks(
      100, 200,
      {{10, 10, 30, 40}, {50, 18, 70, 48}, {90, 26, 110, 56}, {12, 60, 32, 90}, {60, 66, 80, 96}});
  const std::vector<Row> rows = find_rows(ink);
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].pieces.size(), 3u);
  EXPECT_EQ(rows[1].pieces.size(), 2u);
  EXPECT_EQ(rows[0].digit_height, 30);
}

TEST(Rows, SmallPiecesGoToTheNearestRow) {
  const Ink ink = blocks(100, 200, {{10, 10, 30, 40}, {50, 10, 70, 40}, {36, 36, 40, 40}});
  const std::vector<Row> rows = find_rows(ink);
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].pieces.size(), 3u);
}

TEST(Rows, OfNothingThereAreNone) { EXPECT_TRUE(find_rows(blocks(10, 10, {})).empty()); }

TEST(Rows, OfThousandsOfDotsAreBounded) {
  std::vector<PixelBox> dots;
  for (int y = 0; y < 100; ++y) {
    for (int x = 0; x < 100; ++x) dots.push_back({4 * x, 4 * y, 4 * x + 2, 4 * y + 2});
  }
  const std::vector<Row> rows = find_rows(blocks(400, 400, dots));
  EXPECT_LE(rows.size(), size_t{kMostRows});
  size_t pieces = 0;
  for (const Row& row : rows) pieces += row.pieces.size();
  EXPECT_LE(pieces, size_t{kMostPieces});
}

TEST(Rules, AreErasedAndStrokesAcrossThemStay) {
  Ink ink = blocks(100, 300, {{0, 70, 300, 73}, {50, 20, 56, 90}, {150, 30, 170, 60}});
  erase_rules(ink);
  ASSERT_EQ(ink.pieces.size(), 2u);
  EXPECT_EQ(ink.pieces[0].box, (PixelBox{50, 20, 56, 90}));
  EXPECT_EQ(ink.pieces[1].box, (PixelBox{150, 30, 170, 60}));
}

TEST(Rules, AStrokeThatIsNoLongerThanADigitIsWideStays) {
  Ink ink = blocks(100, 300, {{40, 20, 90, 24}, {84, 20, 90, 80}});
  const std::vector<int> before = ink.piece_of;
  erase_rules(ink);
  EXPECT_EQ(ink.piece_of, before);
}

TEST(Atoms, TwoDigitsThatTouchAreCutWhereTheInkIsThin) {
  // Two blocks joined by a bridge.
  const Ink ink = blocks(60, 120, {{10, 10, 40, 50}, {40, 28, 46, 31}, {46, 10, 76, 50}});
  ASSERT_EQ(ink.pieces.size(), 1u);
  const Ink atoms = cut_into_atoms(ink, find_rows(ink)[0]);
  ASSERT_GE(atoms.pieces.size(), 2u);
  const bool cut = std::ranges::any_of(atoms.pieces, [](const InkPiece& atom) {
    return atom.box.left >= 38 && atom.box.left <= 46;
  });
  EXPECT_TRUE(cut);
}

TEST(Atoms, HoldEachPixelOfTheRowOnce) {
  const Ink ink = blocks(60, 120, {{10, 10, 40, 50}, {40, 28, 46, 31}, {46, 10, 76, 50}});
  const Ink atoms = cut_into_atoms(ink, find_rows(ink)[0]);
  int pixels = 0;
  for (const InkPiece& atom : atoms.pieces) pixels += atom.pixels;
  EXPECT_EQ(pixels, ink.pieces[0].pixels);
}

TEST(Lattice, AnArcIsARunOfAtomsNoWiderThanADigit) {
  const Ink ink = blocks(60, 300, {{10, 10, 30, 50}, {34, 10, 54, 50}, {200, 10, 220, 50}});
  const Row row = find_rows(ink)[0];
  const std::vector<Arc> arcs = arcs_of(ink, row);
  ASSERT_EQ(arcs.size(), 4u);  // the three, and the first two together
  EXPECT_EQ(arcs[1].first, 0);
  EXPECT_EQ(arcs[1].last, 1);
  EXPECT_EQ(arcs[1].box, (PixelBox{10, 10, 54, 50}));
}

class TwoAtoms : public testing::Test {
 protected:
  // Probabilities of the digits 0 and 1, for each arc.
  BestPath path(std::vector<float> probabilities) {
    for (float& p : probabilities) p = std::log(p);
    return best_path(ink_.pieces, row_, arcs_of(ink_, row_), probabilities, 2, -1.5);
  }
  Ink ink_ = blocks(60, 100, {{10, 10, 30, 50}, {34, 10, 54, 50}});
  Row row_ = find_rows(ink_)[0];
};

TEST_F(TwoAtoms, AreTwoDigitsIfTheyAreMoreLikelyThanOne) {
  const BestPath two = path({.9f, .05f, .1f, .1f, .02f, .95f});
  ASSERT_EQ(two.digits.size(), 2u);
  EXPECT_EQ(two.digits[0].digit, 0);
  EXPECT_EQ(two.digits[1].digit, 1);
  EXPECT_GT(two.confidence, 0.5);
}

TEST_F(TwoAtoms, AreOneDigitIfTheHalvesAreNone) {
  const BestPath one = path({.02f, .02f, .97f, .01f, .02f, .02f});
  ASSERT_EQ(one.digits.size(), 1u);
  EXPECT_EQ(one.digits[0].digit, 0);
}

TEST_F(TwoAtoms, ArePassedOverIfNothingIsADigit) {
  const BestPath none = path({.01f, .01f, .01f, .01f, .01f, .01f});
  EXPECT_TRUE(none.digits.empty());
  EXPECT_GT(none.confidence, 0.8);
}

}  // namespace
}  // namespace inkling

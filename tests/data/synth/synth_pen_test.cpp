#include "data/synth/synth_pen.h"

#include <gtest/gtest.h>

#include <numeric>

namespace inkling {
namespace {

PenDrawing line(PenDot from, PenDot to) { return {1, "line", {{from, to}}}; }

int at(const InkCanvas& canvas, int row, int column) {
  return canvas.pixels[static_cast<size_t>(row * canvas.width + column)];
}

TEST(InkBox, HoldsEveryDotWithItsRadius) {
  const PenDrawing drawing{8, "two", {{{1, 2, .5}, {3, 2, .25}}, {{0, 5, 1}, {1, 5, 1}}}};
  const InkBox box = ink_box(drawing);
  EXPECT_EQ(box.left, -1);
  EXPECT_EQ(box.right, 3.25);
  EXPECT_EQ(box.top, 1.5);
  EXPECT_EQ(box.bottom, 6);
}

TEST(DrawInk, LineHasFullInkInsideNoneOutsideAndGreyBetween) {
  InkCanvas canvas(9, 12);
  // Its edges run through the centres of rows 2 and 6.
  draw_ink(line({3.5, 4.5, 2}, {8.5, 4.5, 2}), {.scale = 1}, canvas);
  for (const int row : {3, 4, 5}) EXPECT_EQ(at(canvas, row, 6), 255);
  for (const int row : {2, 6}) EXPECT_EQ(at(canvas, row, 6), 128);
  for (const int row : {0, 1, 7, 8}) EXPECT_EQ(at(canvas, row, 6), 0);
  EXPECT_EQ(at(canvas, 4, 1), 128);
  EXPECT_EQ(at(canvas, 4, 0), 0);
}

TEST(DrawInk, InkIsTheStrokesAreaAtAnyScale) {
  for (const double scale : {8.0, 20.0, 50.0}) {
    const int side = static_cast<int>(2 * scale);
    InkCanvas canvas(side, side);
    draw_ink(line({.5, 1, .2}, {1.5, 1, .2}), {.scale = scale}, canvas);
    const double ink = std::accumulate(canvas.pixels.begin(), canvas.pixels.end(), 0.0) / 255;
    const double area = (1 * .4 + 3.14159 * .04) * scale * scale;
    EXPECT_NEAR(ink / area, 1, 0.03) << scale;
  }
}

TEST(DrawInk, HalfWidthGoesFromOneRadiusToTheOther) {
  InkCanvas canvas(40, 40);
  draw_ink(line({5, 20, 2}, {35, 20, 10}), {.scale = 1}, canvas);
  const auto width_at = [&](int column) {
    int inked = 0;
    for (int row = 0; row < 40; ++row) inked += at(canvas, row, column) > 127;
    return inked;
  };
  EXPECT_LT(width_at(8), 8);
  EXPECT_GT(width_at(30), 15);
}

TEST(DrawInk, CrossingStrokesDoNotAddUp) {
  InkCanvas once(8, 8), twice(8, 8);
  const PenDrawing drawing = line({1, 4, 1}, {7, 4, 1});
  draw_ink(drawing, {.scale = 1}, once);
  twice = once;
  draw_ink(drawing, {.scale = 1}, twice);
  EXPECT_EQ(once.pixels, twice.pixels);
}

TEST(DrawInk, InkBesideTheCanvasIsLost) {
  InkCanvas canvas(4, 4);
  draw_ink(line({-100, -100, 3}, {-90, -100, 3}), {.scale = 1}, canvas);
  draw_ink(line({1000, 2, 3}, {1010, 2, 3}), {.scale = 1}, canvas);
  EXPECT_EQ(canvas.pixels, std::vector<uint8_t>(16));
  draw_ink(line({-5, 2, 1}, {9, 2, 1}), {.scale = 1}, canvas);
  EXPECT_EQ(at(canvas, 1, 0), 255);
  EXPECT_EQ(at(canvas, 1, 3), 255);
}

}  // namespace
}  // namespace inkling

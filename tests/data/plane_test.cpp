#include "data/plane.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

namespace inkling {
namespace {

Plane square(int side, int from, int to) {
  Plane plane(side, side);
  for (int y = from; y < to; ++y) {
    for (int x = from; x < to; ++x) plane.at(y, x) = 1;
  }
  return plane;
}

double sum(const Plane& plane) {
  return std::accumulate(plane.values.begin(), plane.values.end(), 0.0);
}

TEST(Plane, SamplesBetweenPixelsAndHoldsTheEdge) {
  Plane plane(2, 2);
  plane.values = {0, 1, 2, 3};
  EXPECT_FLOAT_EQ(plane.sample(0.5, 0.5), 1.5F);
  EXPECT_FLOAT_EQ(plane.sample(0, 0.25), 0.25F);
  EXPECT_FLOAT_EQ(plane.sample(-3, -3), 0);
  EXPECT_FLOAT_EQ(plane.sample(9, 9), 3);
}

TEST(Plane, BlurKeepsTheSumAndTheSymmetry) {
  const Plane soft = blurred(square(21, 8, 13), 1.5);
  EXPECT_NEAR(sum(soft), 25, 1e-4);
  EXPECT_LT(soft.at(10, 10), 1);
  EXPECT_NEAR(soft.at(10, 5), soft.at(10, 15), 1e-6);
  EXPECT_NEAR(soft.at(5, 10), soft.at(15, 10), 1e-6);
  EXPECT_EQ(blurred(soft, 0).values, soft.values);
}

TEST(Plane, BlurOfAPointIsTheGaussian) {
  Plane plane(15, 15);
  plane.at(7, 7) = 1;
  const Plane soft = blurred(plane, 1);
  EXPECT_NEAR(soft.at(7, 8) / soft.at(7, 7), std::exp(-0.5), 1e-5);
  EXPECT_NEAR(soft.at(9, 7) / soft.at(7, 7), std::exp(-2.0), 1e-5);
}

TEST(Plane, LineCoversItsPixelsAndNoOthers) {
  Plane plane(9, 9);
  draw_line(plane, 4, 2, 4, 6, 1);
  for (int x = 0; x < 9; ++x) EXPECT_EQ(plane.at(4, x), x >= 2 && x <= 6 ? 1 : 0) << x;
  EXPECT_EQ(plane.at(3, 4), 0);
  EXPECT_EQ(plane.at(5, 4), 0);
  draw_line(plane, -5, -5, -5, 20, 1);  // outside: nothing
  EXPECT_EQ(sum(plane), 5);
}

TEST(CannyEdges, OfASquareAreItsThinOutline) {
  const Plane edges = canny_edges(square(24, 7, 17), 0.04F, 0.12F);
  for (const float v : edges.values) EXPECT_TRUE(v == 0 || v == 1);
  EXPECT_EQ(edges.at(12, 12), 0);  // within
  EXPECT_EQ(edges.at(12, 2), 0);   // and outside nothing
  for (int y = 9; y < 15; ++y) {   // each row crosses the outline twice, where the square ends
    int on_left = 0, on_right = 0;
    for (int x = 5; x < 9; ++x) on_left += edges.at(y, x) > 0;
    for (int x = 15; x < 19; ++x) on_right += edges.at(y, x) > 0;
    EXPECT_EQ(on_left, 1) << y;
    EXPECT_EQ(on_right, 1) << y;
  }
}

TEST(CannyEdges, WeakOnesStayOnlyWhereStrongOnesTouchThem) {
  // A step whose height fades from row to row: one edge, strong above, weak below; and a weak one
  // alone.
  Plane plane(24, 40);
  for (int y = 0; y < 24; ++y) {
    for (int x = 0; x < 40; ++x) {
      const float step = 0.6F - 0.02F * static_cast<float>(y);
      plane.at(y, x) = x < 10 ? 0 : x < 30 ? step : step + 0.16F;
    }
  }
  const Plane edges = canny_edges(plane, 0.05F, 0.3F);
  double first = 0, second = 0;
  for (int y = 0; y < 24; ++y) {
    for (int x = 0; x < 40; ++x) (x < 20 ? first : second) += edges.at(y, x);
  }
  EXPECT_GE(first, 20);
  EXPECT_EQ(second, 0);
}

}  // namespace
}  // namespace inkling

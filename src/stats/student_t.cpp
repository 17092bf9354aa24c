#include "stats/student_t.h"

#include <cmath>
#include <numbers>

#include "base/check.h"

namespace inkling {
namespace {

// P(|T| <= t), Abramowitz and Stegun 26.7.3 and 26.7.4: a finite sum for whole degrees of freedom.
double within(double t, int degrees_of_freedom) {
  const double theta = std::atan(t / std::sqrt(degrees_of_freedom));
  const double sine = std::sin(theta), cosine = std::cos(theta);
  const bool odd = degrees_of_freedom % 2 == 1;
  double term = odd ? cosine : 1, sum = 0;
  for (int k = odd ? 3 : 2; k <= degrees_of_freedom; k += 2) {
    sum += term;
    term *= cosine * cosine * (k - 1) / k;
  }
  return odd ? 2 / std::numbers::pi * (theta + sine * sum) : sine * sum;
}

}  // namespace

double student_t95(int degrees_of_freedom) {
  INKLING_CHECK(degrees_of_freedom >= 1);
  double low = 1.9, high = 13;  // the quantile falls from 12.71 at 1 to 1.96
  for (int halving = 0; halving < 60; ++halving) {
    const double middle = (low + high) / 2;
    (within(middle, degrees_of_freedom) < 0.95 ? low : high) = middle;
  }
  return (low + high) / 2;
}

}  // namespace inkling

#include "stats/chi_square.h"

#include <cmath>
#include <limits>

#include "base/check.h"

namespace inkling {
namespace {

// Both expansions need about sqrt(a) terms where x is near a; this allows for a of 1e10.
constexpr int kMaxTerms = 1'000'000;
constexpr double kEpsilon = std::numeric_limits<double>::epsilon();

// lgamma of the C library writes a global sign: the reentrant form is the one threads may share.
double log_gamma(double a) {
  int sign = 0;
  return ::lgamma_r(a, &sign);
}

// x^a e^-x / Γ(a), the factor in front of both expansions.
double front_factor(double a, double x) { return std::exp(a * std::log(x) - x - log_gamma(a)); }

// P(a, x) by the power series DLMF 8.11.4, quick for x < a + 1.
double lower_by_series(double a, double x) {
  double term = 1 / a, sum = term;
  for (int n = 1; n < kMaxTerms && term > sum * kEpsilon; ++n) {
    term *= x / (a + n);
    sum += term;
  }
  return sum * front_factor(a, x);
}

// Q(a, x) by the continued fraction DLMF 8.9.2 in its even part, evaluated by Lentz's method
// (modified: Thompson and Barnett 1986), quick for x >= a + 1.
double upper_by_fraction(double a, double x) {
  constexpr double kTiny = std::numeric_limits<double>::min() / kEpsilon;
  double b = x + 1 - a, c = 1 / kTiny, d = 1 / b, value = d;
  for (int n = 1; n < kMaxTerms; ++n) {
    const double an = -n * (n - a);
    b += 2;
    d = an * d + b;
    if (std::fabs(d) < kTiny) d = kTiny;
    c = b + an / c;
    if (std::fabs(c) < kTiny) c = kTiny;
    d = 1 / d;
    value *= d * c;
    if (std::fabs(d * c - 1) <= kEpsilon) break;
  }
  return value * front_factor(a, x);
}

}  // namespace

double upper_gamma(double a, double x) {
  INKLING_CHECK(a > 0 && x >= 0 && std::isfinite(a) && std::isfinite(x));
  if (x == 0) return 1;
  return x < a + 1 ? 1 - lower_by_series(a, x) : upper_by_fraction(a, x);
}

double chi_square_p(double statistic, int degrees_of_freedom) {
  INKLING_CHECK(statistic >= 0 && degrees_of_freedom >= 0);
  if (degrees_of_freedom == 0) return 1;
  return upper_gamma(0.5 * degrees_of_freedom, 0.5 * statistic);
}

}  // namespace inkling

// How improbable a chi-square statistic is. Not the statistic itself: its owner counts.
#pragma once

namespace inkling {

// Q(a, x) = Γ(a, x) / Γ(a), the upper regularised incomplete gamma function (DLMF 8.2.4), to about
// 1e-12 relative for a below 1e6. The caller owes a > 0 and x >= 0, finite.
double upper_gamma(double a, double x);

// P(X >= statistic) for X of the chi-square distribution. No freedom or a statistic of 0: 1.
double chi_square_p(double statistic, int degrees_of_freedom);

}  // namespace inkling

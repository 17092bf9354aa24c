// McNemar's test for two classifiers on the same images (McNemar 1947), exact: of the images only
// one of the two gets right, each is as likely to get either under the null hypothesis that they
// err equally often. Images both get right or both get wrong say nothing.
#pragma once

#include <cstdint>

namespace inkling {

// Two-sided p by the binomial distribution: min(1, 2 P(X <= min(a, b))), X ~ B(a + b, 1/2). 1 where
// they never differ. The caller owes counts of at least 0.
double mcnemar_exact(int64_t only_first_right, int64_t only_second_right);

}  // namespace inkling

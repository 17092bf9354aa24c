// How long a trained network takes to answer.
#pragma once

#include <vector>

#include "nn/network.h"

namespace inkling {

// Seconds of each call of classifier.predict(images, n), repeated for about `seconds` and at least
// five times, after three that warm the caches. images: [n, H, W, C] f32.
std::vector<double> prediction_times(Classifier& classifier, const float* images, int n,
                                     double seconds);

// The middle one; of an even number the upper. The caller owes at least one.
double median(std::vector<double> values);

}  // namespace inkling

// How long a trained network takes to predict. Call from the thread that owns the classifier.
#pragma once

#include <functional>
#include <vector>

#include "nn/classifier.h"

namespace inkling {

// Seconds of each call, repeated for about `seconds` and at least five times, after three that warm
// the caches.
std::vector<double> call_times(const std::function<void()>& call, double seconds);
// Of classifier.predict(images, n). images: [n, H, W, C] f32.
std::vector<double> prediction_times(Classifier& classifier, const float* images, int n,
                                     double seconds);

// The middle one; of an even number the upper. The caller owes at least one.
double median(std::vector<double> values);

}  // namespace inkling

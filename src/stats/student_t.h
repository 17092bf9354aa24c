// How far the mean of a few values may be from the truth: the quantile of Student's t.
#pragma once

namespace inkling {

// The t with P(|T| <= t) = 0.95 at so many degrees of freedom, at least 1. To about 1e-9.
double student_t95(int degrees_of_freedom);

}  // namespace inkling

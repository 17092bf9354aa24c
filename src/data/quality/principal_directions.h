// The few directions in which rows of numbers vary most (principal components), by power iteration.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace inkling {

// rows: each [dims] f32. Returns [count, dims] f32: orthonormal, of falling variance, the same for
// the same rows. Precise enough to project on, not to read as eigenvectors: where two directions
// vary alike it settles on some pair of that plane. The caller owes count <= dims; fewer than two
// rows, or rows all alike, give some orthonormal directions.
std::vector<float> principal_directions(std::span<const float* const> rows, size_t dims,
                                        size_t count);

}  // namespace inkling

#include "data/quality/principal_directions.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/check.h"
#include "base/index.h"
#include "base/random.h"

namespace inkling {
namespace {

using Vector = std::vector<double>;

double dot(const Vector& a, const Vector& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

// [dims, dims], not divided by the number of rows: directions do not ask for it.
std::vector<Vector> scatter_of(std::span<const float* const> rows, size_t dims) {
  Vector mean(dims);
  for (const float* row : rows) {
    for (size_t d = 0; d < dims; ++d) mean[d] += row[d];
  }
  const double n = std::max(count_of(rows), 1);
  for (double& m : mean) m /= n;
  std::vector<Vector> scatter(dims, Vector(dims));
  Vector centred(dims);
  for (const float* row : rows) {
    for (size_t d = 0; d < dims; ++d) centred[d] = row[d] - mean[d];
    for (size_t d = 0; d < dims; ++d) {
      for (size_t e = 0; e < dims; ++e) scatter[d][e] += centred[d] * centred[e];
    }
  }
  return scatter;
}

// Makes `v` orthogonal to `directions` and of length one; false where nothing is left of it.
bool orthonormalise(Vector& v, const std::vector<Vector>& directions) {
  for (int twice = 0; twice < 2; ++twice) {  // once loses digits where little is left
    for (const Vector& direction : directions) {
      const double along = dot(v, direction);
      for (size_t d = 0; d < v.size(); ++d) v[d] -= along * direction[d];
    }
  }
  const double length = std::sqrt(dot(v, v));
  if (!(length > 1e-9)) return false;
  for (double& x : v) x /= length;
  return true;
}

}  // namespace

std::vector<float> principal_directions(std::span<const float* const> rows, size_t dims,
                                        size_t count) {
  INKLING_CHECK(count <= dims);
  constexpr int kIterations = 60;
  const std::vector<Vector> scatter = scatter_of(rows, dims);
  std::vector<Vector> directions;
  Random random(1);
  while (directions.size() < count) {
    Vector v(dims);
    do {
      for (double& x : v) x = random.normal();
    } while (!orthonormalise(v, directions));
    for (int i = 0; i < kIterations; ++i) {
      Vector next(dims);
      for (size_t d = 0; d < dims; ++d) next[d] = dot(scatter[d], v);
      if (!orthonormalise(next, directions)) break;  // no variance is left: any direction will do
      v = std::move(next);
    }
    directions.push_back(std::move(v));
  }
  std::vector<float> result;
  for (const Vector& direction : directions) {
    for (const double x : direction) result.push_back(static_cast<float>(x));
  }
  return result;
}

}  // namespace inkling

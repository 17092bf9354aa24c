#include "data/quality/outliers.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "base/index.h"
#include "data/quality/signature.h"

namespace inkling {
namespace {

using Matrix = std::vector<double>;  // [dims, dims]

double median_of(std::vector<double> values) {
  const auto middle = values.begin() + std::ssize(values) / 2;
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// Lower triangle L with L Lᵀ = the matrix, which the caller owes positive definite.
void cholesky(Matrix& m, size_t dims) {
  for (size_t j = 0; j < dims; ++j) {
    for (size_t i = j; i < dims; ++i) {
      double sum = m[i * dims + j];
      for (size_t k = 0; k < j; ++k) sum -= m[i * dims + k] * m[j * dims + k];
      m[i * dims + j] = i == j ? std::sqrt(sum) : sum / m[j * dims + j];
    }
  }
}

// Mahalanobis' distances within one class: rows [n, dims].
std::vector<double> distances(const std::vector<const float*>& rows, size_t dims) {
  const double n = count_of(rows);
  std::vector<double> mean(dims), centred(dims);
  for (const float* row : rows) {
    for (size_t d = 0; d < dims; ++d) mean[d] += row[d] / n;
  }
  Matrix covariance(dims * dims);
  for (const float* row : rows) {
    for (size_t d = 0; d < dims; ++d) centred[d] = row[d] - mean[d];
    for (size_t d = 0; d < dims; ++d) {
      for (size_t e = 0; e <= d; ++e) covariance[d * dims + e] += centred[d] * centred[e] / n;
    }
  }
  // Cells that are nearly always empty would make a speck count as a wonder: a tenth of the mean
  // variance is added to each. It also keeps the matrix invertible for small classes.
  double trace = 0;
  for (size_t d = 0; d < dims; ++d) trace += covariance[d * dims + d];
  const double ridge = 0.1 * trace / narrow<int>(dims) + 1e-12;
  for (size_t d = 0; d < dims; ++d) covariance[d * dims + d] += ridge;
  cholesky(covariance, dims);

  std::vector<double> result;
  for (const float* row : rows) {
    double squares = 0;
    for (size_t d = 0; d < dims; ++d) {  // solves L y = row - mean
      double sum = row[d] - mean[d];
      for (size_t e = 0; e < d; ++e) sum -= covariance[d * dims + e] * centred[e];
      centred[d] = sum / covariance[d * dims + d];
      squares += centred[d] * centred[d];
    }
    result.push_back(std::sqrt(squares));
  }
  return result;
}

}  // namespace

std::vector<Outlier> find_outliers(const Dataset& dataset, std::span<const uint32_t> blank,
                                   uint8_t background, double threshold) {
  expect_labels(dataset);
  const std::vector<float> signatures = signatures_of(dataset, background);
  const size_t dims = SignatureGrid(dataset).size();
  std::vector<std::vector<uint32_t>> members(narrow<size_t>(dataset.classes));
  for (uint32_t i = 0; i < dataset.size(); ++i) {
    if (!std::binary_search(blank.begin(), blank.end(), i)) members[dataset.labels[i]].push_back(i);
  }
  std::vector<Outlier> outliers;
  for (size_t c = 0; c < members.size(); ++c) {
    if (count_of(members[c]) < kSmallestClass) continue;
    std::vector<const float*> rows;
    for (const uint32_t i : members[c]) rows.push_back(signatures.data() + size_t{i} * dims);
    const std::vector<double> far = distances(rows, dims);
    const double median = median_of(far);
    std::vector<double> deviations;
    for (const double d : far) deviations.push_back(std::fabs(d - median));
    const double spread = 1.4826 * median_of(deviations);
    if (spread == 0) continue;  // more than half are alike: no scale to measure by
    for (size_t i = 0; i < far.size(); ++i) {
      const double z = (far[i] - median) / spread;
      if (z > threshold) outliers.push_back({members[c][i], narrow<uint8_t>(c), z});
    }
  }
  std::stable_sort(outliers.begin(), outliers.end(),
                   [](const Outlier& a, const Outlier& b) { return a.z > b.z; });
  return outliers;
}

}  // namespace inkling

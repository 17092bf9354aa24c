#include "data/quality/drift.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <numeric>

#include "base/check.h"
#include "base/index.h"
#include "data/quality/quality.h"
#include "stats/chi_square.h"

namespace inkling {
namespace {

constexpr std::array<const char*, 4> kTraits = {"brightness", "contrast", "ink centre x",
                                                "ink centre y"};

struct Moments {
  double n = 0, sum = 0, squares = 0;
  void add(double value) {
    n += 1;
    sum += value;
    squares += value * value;
  }
  double mean() const { return sum / n; }
  double variance() const { return std::max(0.0, squares / n - mean() * mean()); }
};

// Sums over a set of images: of its traits, and pixel by pixel.
struct Summary {
  std::array<Moments, kTraits.size()> traits;
  std::vector<double> sums, squares;  // [height, width, channels]; whole numbers
  std::vector<int> per_class;
};

Summary summarise(const Dataset& dataset, std::span<const uint32_t> indices, uint8_t background) {
  expect_labels(dataset);
  Summary summary;
  summary.sums.resize(dataset.image_size());
  summary.squares.resize(dataset.image_size());
  summary.per_class.resize(narrow<size_t>(dataset.classes));
  for (const uint32_t index : indices) {
    const std::span<const uint8_t> image = dataset.image(index);
    Moments brightness;
    for (size_t p = 0; p < image.size(); ++p) {
      const int v = image[p];
      summary.sums[p] += v;
      summary.squares[p] += v * v;
      brightness.add(v);
    }
    const InkCentre centre = ink_centre(dataset, index, background);
    summary.traits[0].add(brightness.mean() / 255);
    summary.traits[1].add(std::sqrt(brightness.variance()) / 255);
    summary.traits[2].add(centre.x);
    summary.traits[3].add(centre.y);
    ++summary.per_class[dataset.labels[index]];
  }
  return summary;
}

// Where nothing varies, any difference is beyond chance: a large number stands for the infinite.
constexpr double kBeyond = 1000;

double standardised(double difference, double variance) {
  if (difference == 0) return 0;
  const double d = difference / std::sqrt(variance);
  return std::clamp(d, -kBeyond, kBeyond);
}

MeanShift compare(const char* what, const Moments& a, const Moments& b) {
  MeanShift shift{.what = what, .first = a.mean(), .second = b.mean()};
  const double difference = b.mean() - a.mean();
  if (std::fabs(difference) <= 1e-9 * (std::fabs(a.mean()) + std::fabs(b.mean()))) return shift;
  shift.d = standardised(difference, (a.n * a.variance() + b.n * b.variance()) / (a.n + b.n));
  const double z = standardised(difference, a.variance() / a.n + b.variance() / b.n);
  shift.p = std::erfc(std::fabs(z) / std::numbers::sqrt2);
  return shift;
}

void compare_mean_images(const Summary& a, double n_a, const Summary& b, double n_b, Drift& drift) {
  double distance = 0, variance = 0, expected = 0;
  for (size_t p = 0; p < a.sums.size(); ++p) {
    const double mean_a = a.sums[p] / n_a;
    const double mean_b = b.sums[p] / n_b;
    const double variance_a = a.squares[p] / n_a - mean_a * mean_a;
    const double variance_b = b.squares[p] / n_b - mean_b * mean_b;
    distance += (mean_a - mean_b) * (mean_a - mean_b);
    variance += (n_a * variance_a + n_b * variance_b) / (n_a + n_b);
    expected += variance_a / n_a + variance_b / n_b;
  }
  drift.mean_image_d = standardised(std::sqrt(distance), std::max(variance, 0.0));
  drift.mean_image_ratio = standardised(std::sqrt(distance), std::max(expected, 0.0));
}

}  // namespace

ChiSquareTest balance_test(std::span<const int> per_class) {
  ChiSquareTest test;
  const double total = std::accumulate(per_class.begin(), per_class.end(), 0.0);
  if (total == 0) return test;
  const double expected = total / count_of(per_class);
  for (const int count : per_class) {
    const double difference = count - expected;
    test.chi2 += difference * difference / expected;
  }
  test.degrees_of_freedom = count_of(per_class) - 1;
  test.p = chi_square_p(test.chi2, test.degrees_of_freedom);
  test.effect = std::sqrt(test.chi2 / total);
  return test;
}

ChiSquareTest homogeneity_test(std::span<const int> first, std::span<const int> second) {
  INKLING_CHECK(first.size() == second.size());
  ChiSquareTest test;
  const double total_first = std::accumulate(first.begin(), first.end(), 0.0);
  const double total_second = std::accumulate(second.begin(), second.end(), 0.0);
  const double total = total_first + total_second;
  if (total_first == 0 || total_second == 0) return test;
  int present = 0;
  for (size_t c = 0; c < first.size(); ++c) {
    const double both = first[c] + 1.0 * second[c];
    if (both == 0) continue;
    ++present;
    const double expected_first = both * total_first / total;
    const double expected_second = both * total_second / total;
    const double difference = first[c] - expected_first;
    test.chi2 += difference * difference * (1 / expected_first + 1 / expected_second);
  }
  test.degrees_of_freedom = present - 1;
  test.p = chi_square_p(test.chi2, test.degrees_of_freedom);
  test.effect = std::sqrt(test.chi2 / total);
  return test;
}

Drift measure_drift(const Dataset& first, std::span<const uint32_t> first_indices,
                    const Dataset& second, std::span<const uint32_t> second_indices,
                    uint8_t background) {
  INKLING_CHECK(!first_indices.empty() && !second_indices.empty());
  INKLING_CHECK(first.image_size() == second.image_size() && first.classes == second.classes);
  const Summary a = summarise(first, first_indices, background);
  const Summary b = summarise(second, second_indices, background);
  Drift drift;
  drift.labels = homogeneity_test(a.per_class, b.per_class);
  for (size_t t = 0; t < kTraits.size(); ++t) {
    drift.shifts.push_back(compare(kTraits[t], a.traits[t], b.traits[t]));
  }
  compare_mean_images(a, count_of(first_indices), b, count_of(second_indices), drift);
  return drift;
}

}  // namespace inkling

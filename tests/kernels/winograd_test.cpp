// Winograd's transformations against their matrices, and the three together against a convolution.
#include "kernels/winograd.h"

#include <cmath>
#include <vector>

#include "base/random.h"
#include "support/variants.h"

namespace inkling::kernels {
namespace {

// B', A' and G of winograd.h.
const double kInput[4][4] = {{1, 0, -1, 0}, {0, 1, 1, 0}, {0, -1, 1, 0}, {0, 1, 0, -1}};
const double kOutput[2][4] = {{1, 1, 1, 0}, {0, 1, -1, -1}};
const double kFilter[4][3] = {{1, 0, 0}, {0.5, 0.5, 0.5}, {0.5, -0.5, 0.5}, {0, 0, 1}};

class Winograd : public VariantTest {
 protected:
  std::vector<float> values(size_t n) {
    std::vector<float> v(n);
    for (float& x : v) x = static_cast<float>(random_.uniform(-1, 1));
    return v;
  }
  size_t pick(size_t low, size_t high) { return low + random_.below(high - low + 1); }
  Random random_{29};
};

// sum over i, j of left[r][i] * at(i, j) * right[c][j].
template <size_t kRows, size_t kInner, typename At>
double product(const double (&left)[kRows][kInner], size_t r, size_t c, At at) {
  double sum = 0;
  for (size_t i = 0; i < kInner; ++i) {
    for (size_t j = 0; j < kInner; ++j) sum += left[r][i] * at(i, j) * left[c][j];
  }
  return sum;
}

TEST_P(Winograd, InputIsThePatchBetweenItsMatrices) {
  for (int shape = 0; shape < 40; ++shape) {
    const size_t tiles = pick(1, 9), channels = 16 * pick(1, 4);
    const size_t row = (2 * tiles + 2) * channels + pick(0, 7),
                 plane = tiles * channels + pick(0, 9);
    const std::vector<float> x = values(4 * row);
    std::vector<float> v(16 * plane, 9.0f);
    variant().winograd->input(x.data(), static_cast<ptrdiff_t>(row), tiles, channels, v.data(),
                              static_cast<ptrdiff_t>(plane));
    for (size_t place = 0; place < 16; ++place) {
      for (size_t t = 0; t < tiles; ++t) {
        for (size_t c = 0; c < channels; ++c) {
          const double expected = product(kInput, place / 4, place % 4, [&](size_t i, size_t j) {
            return static_cast<double>(x[i * row + (2 * t + j) * channels + c]);
          });
          ASSERT_NEAR(v[place * plane + t * channels + c], expected, 1e-6);
        }
      }
    }
  }
}

TEST_P(Winograd, OutputIsThePlacesBetweenItsMatricesAndStaysInside) {
  for (int shape = 0; shape < 40; ++shape) {
    const size_t columns = pick(1, 12), tiles = (columns + 1) / 2, channels = 16 * pick(1, 4);
    const int rows = static_cast<int>(pick(1, 2));
    const size_t row = columns * channels + pick(0, 7), plane = tiles * channels;
    const std::vector<float> m = values(16 * plane), bias = values(channels);
    const std::vector<float> before = values(2 * row);
    std::vector<float> y = before;
    const bool accumulate = shape % 2 == 0, relu = shape % 3 == 0, with_bias = shape % 5 != 0;
    variant().winograd->output(m.data(), static_cast<ptrdiff_t>(plane), tiles, channels,
                               {.y = y.data(),
                                .row_stride = static_cast<ptrdiff_t>(row),
                                .rows = rows,
                                .columns = static_cast<int>(columns),
                                .bias = with_bias ? bias.data() : nullptr,
                                .accumulate = accumulate,
                                .relu = relu});
    for (size_t at = 0; at < y.size(); ++at) {
      const size_t r = at / row, pixel = at % row / channels, c = at % row % channels;
      if (static_cast<int>(r) >= rows || pixel >= columns) {
        ASSERT_EQ(y[at], before[at]);
        continue;
      }
      double expected = 0;
      for (size_t place = 0; place < 16; ++place) {
        expected += kOutput[r][place / 4] * kOutput[pixel % 2][place % 4] *
                    static_cast<double>(m[place * plane + pixel / 2 * channels + c]);
      }
      if (with_bias) expected += static_cast<double>(bias[c]);
      if (accumulate) expected += static_cast<double>(before[at]);
      if (relu) expected = std::max(expected, 0.0);
      ASSERT_NEAR(y[at], expected, 4e-6);
    }
  }
}

TEST_P(Winograd, SpreadIsTheTransposeOfOutput) {
  for (int shape = 0; shape < 40; ++shape) {
    const size_t tiles = pick(1, 9), channels = 16 * pick(1, 4);
    const size_t row = 2 * tiles * channels + pick(0, 7), plane = tiles * channels;
    const std::vector<float> dy = values(2 * row);
    std::vector<float> z(16 * plane);
    variant().winograd->spread(dy.data(), static_cast<ptrdiff_t>(row), tiles, channels, z.data(),
                               static_cast<ptrdiff_t>(plane));
    for (size_t place = 0; place < 16; ++place) {
      for (size_t t = 0; t < tiles; ++t) {
        for (size_t c = 0; c < channels; ++c) {
          double expected = 0;
          for (size_t r = 0; r < 2; ++r) {
            for (size_t k = 0; k < 2; ++k) {
              expected += kOutput[r][place / 4] * kOutput[k][place % 4] *
                          static_cast<double>(dy[r * row + (2 * t + k) * channels + c]);
            }
          }
          ASSERT_NEAR(z[place * plane + t * channels + c], expected, 1e-6);
        }
      }
    }
  }
}

// The matrices themselves: 16 products give the four outputs of a 3x3 convolution.
TEST(WinogradMatrices, GiveTheConvolution) {
  Random random(3);
  double x[4][4], w[3][3];
  for (auto& row : x) {
    for (double& v : row) v = random.uniform(-1, 1);
  }
  for (auto& row : w) {
    for (double& v : row) v = random.uniform(-1, 1);
  }
  for (size_t r = 0; r < 2; ++r) {
    for (size_t c = 0; c < 2; ++c) {
      double expected = 0, found = 0;
      for (size_t i = 0; i < 3; ++i) {
        for (size_t j = 0; j < 3; ++j) expected += w[i][j] * x[r + i][c + j];
      }
      for (size_t p = 0; p < 4; ++p) {
        for (size_t q = 0; q < 4; ++q) {
          const double u = product(kFilter, p, q, [&](size_t i, size_t j) { return w[i][j]; });
          const double v = product(kInput, p, q, [&](size_t i, size_t j) { return x[i][j]; });
          found += kOutput[r][p] * kOutput[c][q] * u * v;
        }
      }
      EXPECT_NEAR(found, expected, 1e-12);
    }
  }
}

INKLING_FOR_ALL_VARIANTS(Winograd);

}  // namespace
}  // namespace inkling::kernels

// The kernels without a matrix product, each against its plain loop in double.
#include <cmath>
#include <vector>

#include "base/random.h"
#include "kernels/reference.h"
#include "support/variants.h"

namespace inkling::kernels {
namespace {

class Rows : public VariantTest {
 protected:
  std::vector<float> values(size_t n, double low = -1, double high = 1) {
    std::vector<float> v(n);
    for (float& x : v) x = static_cast<float>(random_.uniform(low, high));
    return v;
  }
  size_t size(size_t high) { return 1 + random_.below(high); }

  Random random_{7};
};

TEST_P(Rows, ElementwiseAgreesWithReference) {
  const ElementwiseKernels& k = *variant().elementwise;
  for (int shape = 0; shape < shapes_to_try(); ++shape) {
    const size_t n = size(70);
    const std::vector<float> a = values(n), b = values(n), start = values(n);
    std::vector<float> relu(n), masked(n), added = start, sum(n), total = start;
    k.relu(a.data(), n, relu.data());
    k.relu_backward(relu.data(), b.data(), n, false, masked.data());
    k.relu_backward(relu.data(), b.data(), n, true, added.data());
    k.add(a.data(), b.data(), n, true, sum.data());
    k.accumulate(a.data(), n, total.data());
    for (size_t i = 0; i < n; ++i) {
      ASSERT_EQ(relu[i], std::max(a[i], 0.0f));
      ASSERT_EQ(masked[i], a[i] > 0 ? b[i] : 0.0f);
      ASSERT_EQ(added[i], start[i] + masked[i]);
      ASSERT_EQ(sum[i], std::max(a[i] + b[i], 0.0f));
      ASSERT_EQ(total[i], start[i] + a[i]);
    }
  }
}

TEST_P(Rows, DropoutKeepsWhatTheHashSays) {
  for (int shape = 0; shape < shapes_to_try(); ++shape) {
    const size_t n = size(200);
    const std::vector<float> x = values(n, 0.5, 1);
    const uint32_t key = static_cast<uint32_t>(random_.bits()),
                   first = static_cast<uint32_t>(size(1000));
    const uint32_t threshold = static_cast<uint32_t>(random_.bits());
    std::vector<float> y(n);
    variant().elementwise->dropout(x.data(), n, key, first, threshold, 2.0f, y.data());
    for (size_t i = 0; i < n; ++i) {
      const bool keep = reference::dropout_keeps(key, first + static_cast<uint32_t>(i), threshold);
      ASSERT_EQ(y[i], keep ? 2 * x[i] : 0.0f);
    }
  }
}

TEST_P(Rows, DropoutDropsItsShare) {
  constexpr size_t kCount = 100000;
  const std::vector<float> x(kCount, 1.0f);
  std::vector<float> y(kCount);
  variant().elementwise->dropout(x.data(), kCount, 5, 0, 0x4ccccccc, 1.0f, y.data());  // 0.3
  double kept = 0;
  for (const float v : y) kept += static_cast<double>(v);
  EXPECT_NEAR(kept / kCount, 0.7, 4 * std::sqrt(0.21 / kCount));
}

TEST_P(Rows, NormaliseAgreesWithReference) {
  const NormaliseKernels& k = *variant().normalise;
  for (int shape = 0; shape < shapes_to_try(); ++shape) {
    const size_t pixels = size(40), channels = size(50);
    const ptrdiff_t stride = static_cast<ptrdiff_t>(channels + random_.below(4));
    const size_t floats = pixels * static_cast<size_t>(stride);
    const std::vector<float> x = values(floats), dy = values(floats), start = values(channels);
    const std::vector<float> a = values(channels), b = values(channels), c = values(channels);
    std::vector<float> sum = start, sum2 = start, products = start;
    std::vector<float> y = values(floats), dx = y;
    const std::vector<float> before = y;
    k.sums(x.data(), pixels, stride, channels, sum.data());
    k.sums_and_products(x.data(), stride, dy.data(), stride, pixels, channels, sum2.data(),
                        products.data());
    k.scale_shift(x.data(), stride, pixels, channels, a.data(), b.data(), true, y.data(), stride);
    k.combine(dy.data(), stride, x.data(), stride, pixels, channels, a.data(), b.data(), c.data(),
              true, dx.data(), stride);
    for (size_t ch = 0; ch < channels; ++ch) {
      double total = start[ch], product = start[ch];
      for (size_t p = 0; p < pixels; ++p) {
        const size_t at = p * static_cast<size_t>(stride) + ch;
        total += static_cast<double>(x[at]);
        product += static_cast<double>(x[at]) * dy[at];
        const double scaled = static_cast<double>(a[ch]) * x[at] + b[ch];
        ASSERT_NEAR(y[at], std::max(0.0, scaled), 3e-7);
        const double combined = static_cast<double>(a[ch]) * dy[at] +
                                static_cast<double>(b[ch]) * x[at] + c[ch] + before[at];
        ASSERT_NEAR(dx[at], combined, 1e-6);
      }
      ASSERT_NEAR(sum[ch], total, 1e-5);
      ASSERT_NEAR(sum2[ch], total, 1e-5);
      ASSERT_NEAR(products[ch], product, 1e-5);
    }
  }
}

TEST_P(Rows, PoolingAgreesWithReference) {
  const PoolKernels& k = *variant().pool;
  for (int shape = 0; shape < shapes_to_try(); ++shape) {
    PoolRow row;
    row.window_height = static_cast<int>(size(4));
    row.window_width = static_cast<int>(size(4));
    row.stride = static_cast<int>(size(3));
    row.out_width = static_cast<int>(size(6));
    row.channels = static_cast<int>(size(40));
    const int width = (row.out_width - 1) * row.stride + row.window_width;
    const ptrdiff_t x_row = width * row.channels;
    const size_t in = static_cast<size_t>(x_row * row.window_height);
    const size_t out = static_cast<size_t>(row.out_width * row.channels);
    std::vector<float> x = values(in);
    // Ties: the first of them must take the gradient.
    for (size_t i = 0; i < in; ++i) x[i] = std::round(x[i] * 3) / 3;
    const std::vector<float> dy = values(out);
    std::vector<float> highest(out), mean(out), dx(in), mean_dx(in);
    k.max(row, x.data(), x_row, highest.data());
    k.average(row, x.data(), x_row, mean.data());
    k.max_backward(row, x.data(), x_row, highest.data(), dy.data(), dx.data(), x_row);
    k.average_backward(row, dy.data(), mean_dx.data(), x_row);
    std::vector<double> expected(in), expected_mean(in);
    const double area = row.window_height * row.window_width;
    for (int o = 0; o < row.out_width; ++o) {
      for (int c = 0; c < row.channels; ++c) {
        const size_t at = static_cast<size_t>(o * row.channels + c);
        const size_t corner = static_cast<size_t>(o * row.stride * row.channels + c);
        const ptrdiff_t best = reference::first_maximum(row, &x[corner], x_row);
        ASSERT_EQ(highest[at], x[corner + static_cast<size_t>(best)]);
        expected[corner + static_cast<size_t>(best)] += static_cast<double>(dy[at]);
        double sum = 0;
        for (int ky = 0; ky < row.window_height; ++ky) {
          for (int kx = 0; kx < row.window_width; ++kx) {
            const size_t pixel = corner + static_cast<size_t>(ky * x_row + kx * row.channels);
            sum += static_cast<double>(x[pixel]);
            expected_mean[pixel] += static_cast<double>(dy[at]) / area;
          }
        }
        ASSERT_NEAR(mean[at], sum / area, 1e-6);
      }
    }
    for (size_t i = 0; i < in; ++i) {
      ASSERT_NEAR(dx[i], expected[i], 2e-6);
      ASSERT_NEAR(mean_dx[i], expected_mean[i], 2e-6);
    }
  }
}

TEST_P(Rows, OptimisersAgreeWithReference) {
  for (int shape = 0; shape < shapes_to_try(); ++shape) {
    const size_t n = size(70);
    const std::vector<float> g = values(n), w0 = values(n), m0 = values(n), v0 = values(n, 0, 1);
    const AdamStep adam{.beta1 = 0.9f,
                        .beta2 = 0.999f,
                        .step = 0.01f,
                        .epsilon = 1e-4f,
                        .decay = 0.01f,
                        .l2 = 0.02f,
                        .scale = 0.75f};
    const SgdStep sgd{
        .lr = 0.1f, .momentum = 0.9f, .nesterov = shape % 2 == 0, .l2 = 0.01f, .scale = 0.5f};
    std::vector<float> w = w0, m = m0, v = v0, ws = w0, velocity = m0;
    variant().optimise->adam(adam, g.data(), n, m.data(), v.data(), w.data());
    variant().optimise->sgd(sgd, g.data(), n, velocity.data(), ws.data());
    std::vector<float> average = m0;
    variant().optimise->average(0.75f, w0.data(), n, average.data());
    for (size_t i = 0; i < n; ++i) {
      double dm = m0[i], dv = v0[i], dw = w0[i], dvel = m0[i], dws = w0[i];
      reference::adam<double>(adam, g[i], dm, dv, dw);
      reference::sgd<double>(sgd, g[i], dvel, dws);
      ASSERT_NEAR(m[i], dm, 1e-6);
      ASSERT_NEAR(v[i], dv, 1e-6);
      ASSERT_NEAR(w[i], dw, 2e-6 * (1 + std::abs(dw)));
      ASSERT_NEAR(velocity[i], dvel, 1e-6);
      ASSERT_NEAR(ws[i], dws, 1e-6);
      ASSERT_NEAR(average[i], 0.75 * m0[i] + 0.25 * w0[i], 1e-6);
    }
  }
}

INKLING_FOR_ALL_VARIANTS(Rows);

}  // namespace
}  // namespace inkling::kernels

#include "kernels/activate.h"

#include <vector>

#include "base/random.h"
#include "kernels/reference.h"
#include "support/variants.h"

namespace inkling::kernels {
namespace {

class Activate : public VariantTest {
 protected:
  std::vector<float> values(size_t n) {
    std::vector<float> v(n);
    for (float& x : v) x = static_cast<float>(random_.uniform(-1, 1));
    return v;
  }
  Random random_{9};
};

// One row of windows (2x2, or single pixels) of random width and channels, and what the reference
// says of it. Scales of both signs, so that the maximum is not always the largest x.
TEST_P(Activate, AgreesWithReferenceOnRandomShapes) {
  const ActivateKernels& k = *variant().activate;
  for (int shape = 0; shape < shapes_to_try(); ++shape) {
    const bool pool = shape % 2 == 0;
    const int side = pool ? 2 : 1, in_window = side * side;
    const size_t windows = 1 + random_.below(9), channels = 1 + random_.below(40);
    const size_t row = windows * static_cast<size_t>(side) * channels;
    const size_t x_row = row + random_.below(5);
    const std::vector<float> x = values(x_row * static_cast<size_t>(side));
    const std::vector<float> dy = values(windows * channels);
    const std::vector<float> scale = values(channels), shift = values(channels);
    const std::vector<float> a = values(channels), b = values(channels), c = values(channels);
    const std::vector<float> start = values(channels);
    const ActivateScale scales{scale.data(), shift.data()};
    const ActivateGradient gradient{a.data(), b.data(), c.data()};
    std::vector<float> y(windows * channels), dx(x.size(), 9.0f), sum = start, products = start;
    const ptrdiff_t stride = static_cast<ptrdiff_t>(x_row);
    if (pool) {
      k.forward_pool(x.data(), stride, windows, channels, scales, y.data());
      k.sums_pool(x.data(), stride, dy.data(), windows, channels, scales, sum.data(),
                  products.data());
      k.backward_pool(x.data(), stride, dy.data(), windows, channels, scales, gradient, dx.data(),
                      stride);
    } else {
      k.sums(x.data(), dy.data(), windows, channels, scales, sum.data(), products.data());
      k.backward(x.data(), dy.data(), windows, channels, scales, gradient, dx.data());
    }
    for (size_t ch = 0; ch < channels; ++ch) {
      double total = start[ch], product = start[ch];
      for (size_t w = 0; w < windows; ++w) {
        double window[4];
        size_t at[4];
        for (int i = 0; i < in_window; ++i) {
          at[i] = static_cast<size_t>(i / side) * x_row +
                  (w * static_cast<size_t>(side) + static_cast<size_t>(i % side)) * channels + ch;
          window[i] = x[at[i]];
        }
        const auto best =
            reference::activate_window<double>(window, in_window, scale[ch], shift[ch]);
        const double g = best.best > 0 ? dy[w * channels + ch] : 0.0;
        total += g;
        product += g * window[best.at];
        if (pool) {
          ASSERT_NEAR(y[w * channels + ch], std::max(best.best, 0.0), 1e-6);
        }
        for (int i = 0; i < in_window; ++i) {
          const double expected = (i == best.at ? a[ch] * g : 0.0) + b[ch] * window[i] + c[ch];
          ASSERT_NEAR(dx[at[i]], expected, 1e-6) << "window " << w << " channel " << ch;
        }
      }
      ASSERT_NEAR(sum[ch], total, 1e-5);
      ASSERT_NEAR(products[ch], product, 1e-5);
    }
  }
}

TEST_P(Activate, EqualMaximaGiveTheirGradientToTheFirst) {
  const std::vector<float> x(4 * 16, 0.5f), one(16, 1.0f), zero(16, 0.0f), dy(16, 3.0f);
  std::vector<float> dx(4 * 16);
  variant().activate->backward_pool(x.data(), 32, dy.data(), 1, 16, {one.data(), zero.data()},
                                    {one.data(), zero.data(), zero.data()}, dx.data(), 32);
  for (size_t i = 0; i < dx.size(); ++i) EXPECT_EQ(dx[i], i < 16 ? 3.0f : 0.0f);
}

INKLING_FOR_ALL_VARIANTS(Activate);

}  // namespace
}  // namespace inkling::kernels

// The kernels of augmentation, each against its plain loop.
#include "kernels/warp.h"

#include <cmath>
#include <vector>

#include "base/random.h"
#include "kernels/reference.h"
#include "support/variants.h"

namespace inkling::kernels {
namespace {

class Warp : public VariantTest {
 protected:
  std::vector<uint8_t> bytes(size_t n) {
    std::vector<uint8_t> v(n);
    for (uint8_t& x : v) x = static_cast<uint8_t>(random_.bits());
    return v;
  }
  std::vector<float> values(size_t n, double low, double high) {
    std::vector<float> v(n);
    for (float& x : v) x = static_cast<float>(random_.uniform(low, high));
    return v;
  }
  int size(int high) { return 1 + static_cast<int>(random_.below(static_cast<uint64_t>(high))); }
  float real(double low, double high) { return static_cast<float>(random_.uniform(low, high)); }

  Random random_{11};
};

// [height, width] pixels inside a border of zeros, as the kernels want them.
struct Plane {
  Plane(int h, int w, Random& random)
      : height(h), width(w), stride(w + 3), padded(size_t(h + 3) * size_t(w + 3) + kWarpSlack) {
    for (int y = 0; y < h; ++y) {
      for (int x = 0; x < w; ++x) pixel(x, y) = static_cast<uint8_t>(random.bits());
    }
  }
  uint8_t& pixel(int x, int y) { return padded[static_cast<size_t>((y + 1) * stride + x + 1)]; }

  int height, width;
  ptrdiff_t stride;
  std::vector<uint8_t> padded;
};

// The quads of a plane, made by the plain loop.
std::vector<uint32_t> quads_of(const Plane& plane, ptrdiff_t quad_stride) {
  std::vector<uint32_t> quads(static_cast<size_t>((plane.height + 2) * quad_stride));
  for (int y = 0; y < plane.height + 2; ++y) {
    for (int x = 0; x < plane.width + 2; ++x) {
      quads[static_cast<size_t>(y * quad_stride + x)] =
          reference::quad(&plane.padded[static_cast<size_t>(y * plane.stride + x)], plane.stride);
    }
  }
  return quads;
}

TEST_P(Warp, QuadsHoldEachPixelAndItsNeighbours) {
  for (int shape = 0; shape < shapes_to_try(); ++shape) {
    const Plane plane(size(40), size(70), random_);
    const size_t rows = static_cast<size_t>(plane.height + 2);
    const size_t columns = static_cast<size_t>(plane.width + 2);
    const size_t stride = (columns + kQuadStride - 1) / kQuadStride * kQuadStride;
    const std::vector<uint32_t> expected = quads_of(plane, static_cast<ptrdiff_t>(stride));
    std::vector<uint32_t> quads(rows * stride);
    variant().warp->quads(plane.padded.data(), plane.stride, rows, columns, quads.data(),
                          static_cast<ptrdiff_t>(stride));
    for (size_t y = 0; y < rows; ++y) {
      for (size_t x = 0; x < columns; ++x) {
        ASSERT_EQ(quads[y * stride + x], expected[y * stride + x]) << x << ' ' << y;
      }
    }
  }
}

TEST_P(Warp, StrokeIsTheReferenceAndLeavesTheBorder) {
  for (int shape = 0; shape < shapes_to_try(); ++shape) {
    Plane plane(size(40), size(70), random_);
    const int weight = static_cast<int>(random_.below(513)) - 256;
    std::vector<uint8_t> out(plane.padded.size(), 77);
    variant().warp->stroke(&plane.pixel(0, 0), size_t(plane.height), size_t(plane.width),
                           plane.stride, weight, &out[static_cast<size_t>(plane.stride + 1)]);
    for (int y = -1; y < plane.height + 2; ++y) {
      for (int x = -1; x < plane.width + 2; ++x) {
        const bool inside = y >= 0 && y < plane.height && x >= 0 && x < plane.width;
        const int expected =
            inside ? reference::stroke(&plane.pixel(x, y), plane.stride, weight) : 77;
        ASSERT_EQ(out[static_cast<size_t>((y + 1) * plane.stride + x + 1)], expected)
            << x << ' ' << y << " weight " << weight;
      }
    }
  }
}

TEST_P(Warp, UniformsAreTheReferenceAndFillTheirRange) {
  for (int shape = 0; shape < shapes_to_try(); ++shape) {
    const size_t n = static_cast<size_t>(size(200));
    const uint32_t key = static_cast<uint32_t>(random_.bits());
    std::vector<float> a(n + kWarpSlack, 9), b(n + kWarpSlack, 9);
    variant().warp->uniforms(key, n, a.data(), b.data());
    for (size_t i = 0; i < n; ++i) {
      const uint32_t h = reference::counter_hash(key, static_cast<uint32_t>(i));
      ASSERT_EQ(a[i], reference::uniform<float>(h & 0xffff));
      ASSERT_EQ(b[i], reference::uniform<float>(h >> 16));
    }
    for (size_t i = n; i < n + kWarpSlack; ++i) {
      ASSERT_EQ(a[i], 9);
      ASSERT_EQ(b[i], 9);
    }
  }
  constexpr size_t kMany = 100000;
  std::vector<float> a(kMany), b(kMany);
  variant().warp->uniforms(3, kMany, a.data(), b.data());
  double sum = 0, squares = 0, products = 0;
  for (size_t i = 0; i < kMany; ++i) {
    ASSERT_LT(std::abs(a[i]), 1);
    sum += static_cast<double>(a[i]) + b[i];
    squares += static_cast<double>(a[i]) * a[i] + static_cast<double>(b[i]) * b[i];
    products += static_cast<double>(a[i]) * b[i];
  }
  EXPECT_NEAR(sum / (2 * kMany), 0, 4 * std::sqrt(1.0 / 3 / (2 * kMany)));
  EXPECT_NEAR(squares / (2 * kMany), 1.0 / 3, 4 * std::sqrt(4.0 / 45 / (2 * kMany)));
  EXPECT_NEAR(products / kMany, 0, 4 * std::sqrt(1.0 / 9 / kMany));
}

TEST_P(Warp, FilterAgreesWithReference) {
  for (int shape = 0; shape < shapes_to_try(); ++shape) {
    const size_t n = static_cast<size_t>(size(150)), taps = static_cast<size_t>(size(30));
    const ptrdiff_t step = size(40);
    const std::vector<float> x =
        values(n + (taps - 1) * static_cast<size_t>(step) + kWarpSlack, -1, 1);
    const std::vector<float> weights = values(taps, 0, 1);
    std::vector<float> y(n + kWarpSlack, 9);
    variant().warp->filter(x.data(), step, weights.data(), taps, n, y.data());
    for (size_t i = 0; i < n; ++i) {
      ASSERT_NEAR(y[i], reference::filtered<double>(&x[i], step, weights.data(), taps), 1e-5);
    }
    for (size_t i = n; i < n + kWarpSlack; ++i) ASSERT_EQ(y[i], 9);
  }
}

TEST_P(Warp, WarpAgreesWithReference) {
  for (int shape = 0; shape < shapes_to_try(); ++shape) {
    const Plane plane(size(40), size(40), random_);
    const int stride = (plane.width + 2 + 15) / 16 * 16;
    const std::vector<uint32_t> quads = quads_of(plane, stride);
    WarpArgs args;
    args.quads = quads.data();
    args.quad_stride = stride;
    const std::vector<float> floats(plane.padded.begin(), plane.padded.end());
    if (shape % 4 == 3) {
      args.quads = nullptr;
      args.plane = floats.data();
      args.plane_stride = plane.stride;
    }
    args.src_height = plane.height;
    args.src_width = plane.width;
    args.height = size(40);
    args.width = size(40);
    // Anything from a close-up to a map that leaves the picture altogether.
    args.map = {.x_x = real(-1.5, 1.5),
                .x_y = real(-1, 1),
                .x_0 = real(-10, 20),
                .y_x = real(-1, 1),
                .y_y = real(-1.5, 1.5),
                .y_0 = real(-10, 20)};
    if (shape % 2 == 1) {
      args.map.w_x = real(0, 0.02);
      args.map.w_y = real(0, 0.02);
      args.map.w_0 = real(0.7, 1);
    }
    args.displacement_stride = args.width + 5;
    const size_t field = static_cast<size_t>(args.height * args.displacement_stride);
    const std::vector<float> dx = values(field, -1, 1), dy = values(field, -1, 1);
    if (shape % 3 == 1) {
      args.dx = dx.data();
      args.dy = dy.data();
      args.alpha = real(0, 4);
    }
    args.gain = real(0.5, 1.5);
    if (shape % 5 == 1) {
      args.noise = real(0, 60);
      args.noise_key = static_cast<uint32_t>(random_.bits());
      args.noise_first = static_cast<uint32_t>(random_.below(5000));
    }
    args.scale = 0.01f;
    args.offset = -0.4f;
    args.row_stride = args.width + 3;
    std::vector<float> out(static_cast<size_t>(args.height * args.row_stride), 9);
    args.out = out.data();
    variant().warp->warp(args);
    for (int y = 0; y < args.height; ++y) {
      for (int x = 0; x < args.row_stride; ++x) {
        const float found = out[static_cast<size_t>(y * args.row_stride + x)];
        if (x < args.width) {
          // Places are off by some 1e-5 pixels, and grey levels rise by at most 255 a pixel.
          ASSERT_NEAR(found, reference::warped<double>(args, x, y), 1e-4) << x << ' ' << y;
        } else {
          ASSERT_EQ(found, 9);
        }
      }
    }
  }
}

TEST_P(Warp, NoiseHasTheDeviationAskedFor) {
  // A flat grey picture, far from the ends of the scale.
  constexpr int kSide = 200;
  Plane plane(kSide, kSide, random_);
  for (int y = 0; y < kSide; ++y) {
    for (int x = 0; x < kSide; ++x) plane.pixel(x, y) = 128;
  }
  const std::vector<uint32_t> quads = quads_of(plane, 208);
  std::vector<float> out(size_t(kSide) * kSide);
  WarpArgs args;
  args.quads = quads.data();
  args.quad_stride = 208;
  args.src_height = args.src_width = args.height = args.width = kSide;
  args.noise = 10;
  args.noise_key = 5;
  args.out = out.data();
  args.row_stride = kSide;
  variant().warp->warp(args);
  double sum = 0, squares = 0;
  for (const float v : out) {
    sum += v - 128.0;
    squares += (v - 128.0) * (v - 128.0);
  }
  const double n = kSide * kSide;
  EXPECT_NEAR(sum / n, 0, 4 * 10 / std::sqrt(n));
  EXPECT_NEAR(std::sqrt(squares / n), 10, 0.2);
}

INKLING_FOR_ALL_VARIANTS(Warp);

}  // namespace
}  // namespace inkling::kernels

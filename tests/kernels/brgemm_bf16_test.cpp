// Products on pairs of bf16. Products of two bf16 are exact in f32, so against operands already
// rounded only the f32 sum can err.
#include <bit>
#include <cmath>
#include <vector>

#include "base/random.h"
#include "kernels/brgemm.h"
#include "support/variants.h"

namespace inkling::kernels {
namespace {

class Bf16 : public VariantTest {
 protected:
  void SetUp() override {
    VariantTest::SetUp();
    if (!IsSkipped() && !variant().bf16) GTEST_SKIP() << variant().name << " has no bf16 products";
  }
  std::vector<float> values(size_t n) {
    std::vector<float> v(n);
    for (float& x : v) x = static_cast<float>(random_.uniform(-1, 1));
    return v;
  }
  int pick(int low, int high) {
    return low + static_cast<int>(random_.below(static_cast<uint64_t>(high - low + 1)));
  }
  Random random_{17};
};

// To nearest, ties to even, by the bits.
uint16_t rounded(float value) {
  const uint32_t bits = std::bit_cast<uint32_t>(value);
  return static_cast<uint16_t>((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
}

double value_of(uint16_t bf16) { return std::bit_cast<float>(static_cast<uint32_t>(bf16) << 16); }

TEST_P(Bf16, ConvertAndInterleaveRoundToNearestEven) {
  for (int shape = 0; shape < shapes_to_try(); ++shape) {
    const size_t n = 2 * static_cast<size_t>(pick(1, 40));
    const std::vector<float> a = values(n), b = values(n);
    std::vector<Bf16Pair> converted(n / 2), across(n), alone(n);
    variant().bf16->convert(a.data(), n, converted.data());
    variant().bf16->interleave(a.data(), b.data(), n, across.data());
    variant().bf16->interleave(a.data(), nullptr, n, alone.data());
    for (size_t i = 0; i < n; ++i) {
      ASSERT_EQ(i % 2 ? converted[i / 2].second : converted[i / 2].first, rounded(a[i]));
      ASSERT_EQ(across[i].first, rounded(a[i]));
      ASSERT_EQ(across[i].second, rounded(b[i]));
      ASSERT_EQ(alone[i].first, rounded(a[i]));
      ASSERT_EQ(alone[i].second, 0);
    }
  }
}

TEST_P(Bf16, PackPairsRowsInPanels) {
  const int panel = variant().bf16->panel_columns;
  for (int shape = 0; shape < 60; ++shape) {
    const int rows = 2 * pick(1, 6), columns = pick(1, 3 * panel);
    const bool transposed = shape % 2 == 0;
    const ptrdiff_t row_stride = transposed ? 1 : columns, column_stride = transposed ? rows : 1;
    const std::vector<float> src = values(static_cast<size_t>(rows * columns));
    const int panels = (columns + panel - 1) / panel;
    const ptrdiff_t stride = rows / 2 * panel + 5;
    std::vector<Bf16Pair> dst(static_cast<size_t>(panels * stride), Bf16Pair{9, 9});
    variant().bf16->pack(src.data(), row_stride, column_stride, rows, columns, stride, dst.data());
    for (int k = 0; k < rows; ++k) {
      for (int n = 0; n < panels * panel; ++n) {
        const Bf16Pair pair =
            dst[static_cast<size_t>(n / panel * stride + k / 2 * panel + n % panel)];
        const uint16_t expected =
            n < columns ? rounded(src[static_cast<size_t>(k * row_stride + n * column_stride)])
                        : uint16_t{0};
        ASSERT_EQ(k % 2 ? pair.second : pair.first, expected);
      }
    }
  }
}

TEST_P(Bf16, ProductAgreesWithReferenceOnRandomShapes) {
  const int panel = variant().bf16->panel_columns;
  for (int shape = 0; shape < shapes_to_try(); ++shape) {
    Bf16BrgemmArgs args;
    args.m = pick(1, 40);
    args.n = shape % 4 == 0 ? pick(1, 3) : pick(1, 150);
    args.k = pick(1, 24);
    args.count = pick(1, 5);
    args.a_transposed = random_.below(2) == 0;
    const int rows = args.a_transposed ? args.k : args.m, row = args.a_transposed ? args.m : args.k;
    args.lda = row + pick(0, 3);
    args.ldb = args.n + pick(0, 3);
    args.b_panel = panel;
    args.ldc = args.n + pick(0, 3);
    args.accumulate = shape % 3 == 0;
    args.relu = shape % 5 == 0;
    const auto pairs = [&](size_t n) {
      std::vector<Bf16Pair> made(n);
      const std::vector<float> first = values(n), second = values(n);
      for (size_t i = 0; i < n; ++i) made[i] = {rounded(first[i]), rounded(second[i])};
      return made;
    };
    const size_t a_block = static_cast<size_t>(rows * args.lda);
    const size_t b_block = static_cast<size_t>(args.k * args.ldb);
    const auto a = pairs(a_block * static_cast<size_t>(args.count));
    const auto b =
        pairs(b_block * static_cast<size_t>(args.count) + static_cast<size_t>(4 * panel));
    std::vector<ptrdiff_t> a_offsets, b_offsets;
    for (int i = 0; i < args.count; ++i) {
      a_offsets.push_back(static_cast<ptrdiff_t>(a_block) * i);
      b_offsets.push_back(static_cast<ptrdiff_t>(b_block) * i);
    }
    const std::vector<float> before = values(static_cast<size_t>(args.m * args.ldc));
    const std::vector<float> bias = values(static_cast<size_t>(args.n));
    std::vector<float> c = before;
    args.a = a.data();
    args.b = b.data();
    args.a_offsets = a_offsets.data();
    args.b_offsets = b_offsets.data();
    args.c = c.data();
    if (!args.accumulate) args.bias = bias.data();
    variant().bf16->run(args);
    const int terms = 2 * args.k * args.count + 1;
    for (int m = 0; m < args.m; ++m) {
      for (int n = 0; n < args.n; ++n) {
        const size_t at = static_cast<size_t>(m * args.ldc + n);
        double expected = args.accumulate ? before[at] : bias[static_cast<size_t>(n)];
        for (int i = 0; i < args.count; ++i) {
          for (int k = 0; k < args.k; ++k) {
            const Bf16Pair p = args.a[args.a_offsets[i] +
                                      (args.a_transposed ? k * args.lda + m : m * args.lda + k)];
            const Bf16Pair q = args.b[args.b_offsets[i] + k * args.ldb + n];
            expected +=
                value_of(p.first) * value_of(q.first) + value_of(p.second) * value_of(q.second);
          }
        }
        if (args.relu) expected = std::max(expected, 0.0);
        ASSERT_NEAR(c[at], expected, terms * 1.2e-7 * (1.0 + 0.5 * std::sqrt(terms)))
            << "m " << m << "/" << args.m << " n " << n << "/" << args.n << " k " << args.k;
      }
      for (int n = args.n; n < args.ldc; ++n) {
        const size_t at = static_cast<size_t>(m * args.ldc + n);
        ASSERT_EQ(c[at], before[at]) << "wrote past row " << m;
      }
    }
  }
}

INKLING_FOR_ALL_VARIANTS(Bf16);

}  // namespace
}  // namespace inkling::kernels

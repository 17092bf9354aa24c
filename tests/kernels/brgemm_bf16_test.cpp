// Products on pairs of bf16. Products of two bf16 are exact in f32, so against operands already
// rounded only the f32 sum can err.
#include <bit>
#include <cmath>
#include <vector>

#include "base/random.h"
#include "kernels/brgemm.h"
#include "support/amx_kernels.h"
#include "support/variants.h"

namespace inkling::kernels {
namespace {

struct Draw {
  std::vector<float> values(size_t n) {
    std::vector<float> v(n);
    for (float& x : v) x = static_cast<float>(random.uniform(-1, 1));
    return v;
  }
  int pick(int low, int high) {
    return low + static_cast<int>(random.below(static_cast<uint64_t>(high - low + 1)));
  }
  Random random{17};
};

class Bf16 : public VariantTest {
 protected:
  void SetUp() override {
    VariantTest::SetUp();
    if (!IsSkipped() && !variant().bf16) GTEST_SKIP() << variant().name << " has no bf16 products";
  }
  Draw draw_;
};

// To nearest, ties to even, by the bits.
uint16_t rounded(float value) {
  const uint32_t bits = std::bit_cast<uint32_t>(value);
  return static_cast<uint16_t>((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
}

double value_of(uint16_t bf16) { return std::bit_cast<float>(static_cast<uint32_t>(bf16) << 16); }

// A random product, `depth` pairs along k, against plain loops in double. `shape` counts the tries.
void check_product(const Bf16Kernels& kernels, Draw& draw, int shape, int depth) {
  const int panel = kernels.panel_columns;
  Bf16BrgemmArgs args;
  args.m = draw.pick(1, 40);
  args.n = shape % 4 == 0 ? draw.pick(1, 3) : draw.pick(1, 150);
  args.k = depth;
  args.count = draw.pick(1, 5);
  args.a_transposed = shape % 2 == 0;
  const int rows = args.a_transposed ? args.k : args.m, row = args.a_transposed ? args.m : args.k;
  args.lda = row + draw.pick(0, 3);
  args.ldb = args.n + draw.pick(0, 3);
  args.b_panel = panel;
  args.ldc = args.n + draw.pick(0, 3);
  args.accumulate = shape % 3 == 0;
  args.relu = shape % 5 == 0;
  const auto pairs = [&](size_t n) {
    std::vector<Bf16Pair> made(n);
    const std::vector<float> first = draw.values(n), second = draw.values(n);
    for (size_t i = 0; i < n; ++i) made[i] = {rounded(first[i]), rounded(second[i])};
    return made;
  };
  const size_t a_block = static_cast<size_t>(rows * args.lda);
  const size_t b_block = static_cast<size_t>(args.k * args.ldb);
  const auto a = pairs(a_block * static_cast<size_t>(args.count));
  const auto b = pairs(b_block * static_cast<size_t>(args.count) + static_cast<size_t>(4 * panel));
  std::vector<ptrdiff_t> a_offsets, b_offsets;
  for (int i = 0; i < args.count; ++i) {
    a_offsets.push_back(static_cast<ptrdiff_t>(a_block) * i);
    b_offsets.push_back(static_cast<ptrdiff_t>(b_block) * i);
  }
  const std::vector<float> before = draw.values(static_cast<size_t>(args.m * args.ldc));
  const std::vector<float> bias = draw.values(static_cast<size_t>(args.n));
  std::vector<float> c = before;
  args.a = a.data();
  args.b = b.data();
  args.a_offsets = a_offsets.data();
  args.b_offsets = b_offsets.data();
  args.c = c.data();
  if (!args.accumulate) args.bias = bias.data();
  kernels.run(args);
  const int terms = 2 * args.k * args.count + 1;
  for (int m = 0; m < args.m; ++m) {
    for (int n = 0; n < args.n; ++n) {
      const size_t at = static_cast<size_t>(m * args.ldc + n);
      double expected = args.accumulate ? before[at] : bias[static_cast<size_t>(n)];
      for (int i = 0; i < args.count; ++i) {
        for (int k = 0; k < args.k; ++k) {
          const Bf16Pair p =
              args.a[args.a_offsets[i] + (args.a_transposed ? k * args.lda + m : m * args.lda + k)];
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

TEST_P(Bf16, ConvertAndInterleaveRoundToNearestEven) {
  for (int shape = 0; shape < shapes_to_try(); ++shape) {
    const size_t n = 2 * static_cast<size_t>(draw_.pick(1, 40));
    const std::vector<float> a = draw_.values(n), b = draw_.values(n);
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
    const int rows = 2 * draw_.pick(1, 6), columns = draw_.pick(1, 3 * panel);
    const bool transposed = shape % 2 == 0;
    const ptrdiff_t row_stride = transposed ? 1 : columns, column_stride = transposed ? rows : 1;
    const std::vector<float> src = draw_.values(static_cast<size_t>(rows * columns));
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

TEST_P(Bf16, TransposeMakesColumnsOfPairs) {
  for (int shape = 0; shape < 100; ++shape) {
    const int rows = draw_.pick(1, 40), columns = draw_.pick(1, 40);
    const int second_rows = shape % 3 == 0 ? 0 : draw_.pick(0, rows);
    const ptrdiff_t row_stride = columns + draw_.pick(0, 3);
    const ptrdiff_t stride = (rows + 15) / 16 * 16 + (shape % 2 ? 16 : 0);
    const size_t size = static_cast<size_t>(rows * row_stride);
    const std::vector<float> first = draw_.values(size), second = draw_.values(size);
    std::vector<Bf16Pair> dst(static_cast<size_t>(columns * stride), Bf16Pair{9, 9});
    variant().bf16->transpose({.first = first.data(),
                               .second = second_rows ? second.data() : nullptr,
                               .first_rows = rows,
                               .second_rows = second_rows,
                               .columns = columns,
                               .row_stride = row_stride},
                              stride, dst.data());
    for (int c = 0; c < columns; ++c) {
      for (ptrdiff_t r = 0; r < stride; ++r) {
        const Bf16Pair pair = dst[static_cast<size_t>(c * stride + r)];
        const size_t at = static_cast<size_t>(r * row_stride + c);
        ASSERT_EQ(pair.first, r < rows ? rounded(first[at]) : 0) << c << " " << r;
        ASSERT_EQ(pair.second, r < second_rows ? rounded(second[at]) : 0) << c << " " << r;
      }
    }
  }
}

TEST_P(Bf16, ProductAgreesWithReferenceOnRandomShapes) {
  for (int shape = 0; shape < shapes_to_try(); ++shape) {
    check_product(*variant().bf16, draw_, shape, draw_.pick(1, 24));
  }
}

INKLING_FOR_ALL_VARIANTS(Bf16);

// Depths that fill tiles and such that do not, beside rows and columns that are cut.
TEST(Amx, ProductAgreesWithReferenceOnRandomShapes) {
  const test::AmxKernels kernels;
  if (!kernels.get()) GTEST_SKIP() << "this CPU lacks AVX-512 with bf16, which goes with the tiles";
  const long before = AmxEmulator::products();
  Draw draw;
  for (int shape = 0; shape < shapes_to_try(); ++shape) {
    const int depth = shape % 3 == 0 ? 16 : draw.pick(1, 18);
    check_product(*kernels.get(), draw, shape, depth * draw.pick(1, 2));
  }
  if (kernels.emulated()) {
    EXPECT_GT(AmxEmulator::products(), before);
  }
}

// C is laid in whole tiles and cut ones, from zero, a bias or C itself; the sum's order is the
// same.
TEST(Amx, ResultsAreTheSameBitsWhereverARowStands) {
  const test::AmxKernels kernels;
  if (!kernels.get()) GTEST_SKIP() << "this CPU lacks AVX-512 with bf16, which goes with the tiles";
  constexpr int kRows = 40, kColumns = 50, kDepth = 32;
  const std::vector<Bf16Pair> a(kRows * kDepth, Bf16Pair{rounded(0.37f), rounded(-1.7f)});
  std::vector<Bf16Pair> b(2 * kDepth * 32);
  Draw draw;
  for (Bf16Pair& pair : b) pair = {rounded(draw.values(1)[0]), rounded(draw.values(1)[0])};
  std::vector<float> c(kRows * kColumns);
  const ptrdiff_t none = 0;
  Bf16BrgemmArgs args;
  args.a = a.data(), args.a_offsets = &none, args.lda = kDepth;
  args.b = b.data(), args.b_offsets = &none, args.ldb = 32, args.b_panel = kDepth * 32;
  args.count = 1, args.m = kRows, args.n = kColumns, args.k = kDepth;
  args.c = c.data(), args.ldc = kColumns;
  kernels.get()->run(args);
  for (int m = 1; m < kRows; ++m) {
    for (int n = 0; n < kColumns; ++n) {
      ASSERT_EQ(c[static_cast<size_t>(m * kColumns + n)], c[static_cast<size_t>(n)])
          << m << " " << n;
    }
  }
}

}  // namespace
}  // namespace inkling::kernels

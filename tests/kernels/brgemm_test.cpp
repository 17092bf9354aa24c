#include "kernels/brgemm.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/random.h"
#include "kernels/reference.h"
#include "support/variants.h"

namespace inkling::kernels {
namespace {

using Brgemm = VariantTest;

std::vector<float> random_values(size_t n, Random& random) {
  std::vector<float> values(n);
  for (float& v : values) v = static_cast<float>(random.uniform(-1, 1));
  return values;
}

int pick(Random& random, int low, int high) {
  return low + static_cast<int>(random.below(static_cast<uint64_t>(high - low + 1)));
}

// One random case: shapes from 1 up, both layouts of A, packed and plain B, every epilogue.
struct Case {
  BrgemmArgs args;
  std::vector<float> a, b, c, bias;
  std::vector<ptrdiff_t> a_offsets, b_offsets;
  size_t c_used = 0;

  Case(Random& random, int panel) {
    args.m = pick(random, 1, 40);
    args.n = random.below(4) == 0 ? pick(random, 1, 3) : pick(random, 1, 150);
    args.k = pick(random, 1, random.below(8) == 0 ? 200 : 24);
    args.count = pick(random, 1, 6);
    args.a_transposed = random.below(2) == 0;
    const int rows = args.a_transposed ? args.k : args.m, row = args.a_transposed ? args.m : args.k;
    args.lda = row + pick(random, 0, 5);
    const bool packed = random.below(2) == 0;
    const int panels = (args.n + panel - 1) / panel;
    args.ldb = packed ? panel : args.n + pick(random, 0, 3);
    args.b_panel = packed ? static_cast<ptrdiff_t>(args.k) * args.count * panel : panel;
    args.ldc = args.n + pick(random, 0, 4);
    args.accumulate = random.below(3) == 0;
    args.relu = random.below(3) == 0;
    const size_t a_block = static_cast<size_t>(rows * args.lda);
    a = random_values(a_block * static_cast<size_t>(args.count), random);
    const size_t b_block = static_cast<size_t>(args.k * args.ldb);
    b = random_values(
        b_block * static_cast<size_t>(args.count * (packed ? panels : 1) + (packed ? 0 : 1)) +
            static_cast<size_t>(2 * panel),
        random);
    for (int i = 0; i < args.count; ++i) {
      a_offsets.push_back(static_cast<ptrdiff_t>(a_block) * i);
      b_offsets.push_back(static_cast<ptrdiff_t>(b_block) * i);
    }
    std::reverse(a_offsets.begin(), a_offsets.end());
    c_used = static_cast<size_t>((args.m - 1) * args.ldc + args.n);
    c = random_values(c_used, random);
    bias = random_values(static_cast<size_t>(args.n), random);
    args.a = a.data();
    args.b = b.data();
    args.c = c.data();
    args.a_offsets = a_offsets.data();
    args.b_offsets = b_offsets.data();
    if (!args.accumulate && random.below(2) == 0) args.bias = bias.data();
  }
};

// Rounding of a sum of `terms` products of numbers below 1, each step relative to the running sum:
// at most terms * epsilon * (terms / 2); in practice the square root of that. Taken here: the
// strict bound for both the products and the sums, over the magnitudes really summed.
double tolerance(int terms) { return terms * 1.2e-7 * (1.0 + 0.5 * std::sqrt(terms)); }

TEST_P(Brgemm, AgreesWithReferenceOnRandomShapes) {
  Random random(1);
  const int panel = variant().brgemm->panel_columns;
  for (int shape = 0; shape < shapes_to_try(); ++shape) {
    Case test(random, panel);
    BrgemmArgs& args = test.args;
    std::vector<double> expected;
    for (int m = 0; m < args.m; ++m) {
      for (int n = 0; n < args.n; ++n) {
        expected.push_back(reference::brgemm_element<double>(args, panel, m, n));
      }
    }
    std::vector<float> before = test.c;
    variant().brgemm->run(args);
    const int terms = args.k * args.count + 1;
    for (int m = 0; m < args.m; ++m) {
      for (int n = 0; n < args.ldc; ++n) {
        const size_t at = static_cast<size_t>(m * args.ldc + n);
        if (at >= test.c_used) continue;
        if (n >= args.n) {
          ASSERT_EQ(test.c[at], before[at]) << "wrote past row " << m;
          continue;
        }
        ASSERT_NEAR(test.c[at], expected[static_cast<size_t>(m * args.n + n)], tolerance(terms))
            << "m " << m << "/" << args.m << " n " << n << "/" << args.n << " k " << args.k
            << " count " << args.count << " transposed " << args.a_transposed;
      }
    }
  }
}

TEST_P(Brgemm, SameElementWhateverTheBlocking) {
  // Rows computed alone equal the same rows computed in a block: sums keep one order.
  Random random(2);
  const int panel = variant().brgemm->panel_columns;
  for (int shape = 0; shape < 20; ++shape) {
    Case test(random, panel);
    const std::vector<float> before = test.c;
    variant().brgemm->run(test.args);
    const std::vector<float> whole = test.c;
    test.c = before;
    for (int m = 0; m < test.args.m; ++m) {
      BrgemmArgs row = test.args;
      row.m = 1;
      row.a += m * (row.a_transposed ? 1 : row.lda);
      row.c = test.c.data() + m * row.ldc;
      variant().brgemm->run(row);
    }
    ASSERT_EQ(test.c, whole);
  }
}

TEST_P(Brgemm, PackLaysOutPanelsAndZeroes) {
  const int panel = variant().brgemm->panel_columns;
  Random random(3);
  for (int shape = 0; shape < 50; ++shape) {
    const int rows = pick(random, 1, 9), columns = pick(random, 1, 3 * panel);
    const bool transposed = random.below(2) == 0;
    const ptrdiff_t row_stride = transposed ? 1 : columns, column_stride = transposed ? rows : 1;
    const std::vector<float> src = random_values(static_cast<size_t>(rows * columns), random);
    const int panels = (columns + panel - 1) / panel;
    const ptrdiff_t stride = rows * panel + 7;
    std::vector<float> dst(static_cast<size_t>(panels * stride), 9.0f);
    variant().brgemm->pack(src.data(), row_stride, column_stride, rows, columns, stride,
                           dst.data());
    for (int k = 0; k < rows; ++k) {
      for (int n = 0; n < panels * panel; ++n) {
        const float expected =
            n < columns ? src[static_cast<size_t>(k * row_stride + n * column_stride)] : 0.0f;
        ASSERT_EQ(dst[static_cast<size_t>(n / panel * stride + k * panel + n % panel)], expected);
      }
    }
  }
}

INKLING_FOR_ALL_VARIANTS(Brgemm);

TEST(Variants, AreOrderedBestFirstAndGenericRunsEverywhere) {
  ASSERT_FALSE(variants().empty());
  EXPECT_EQ(variants().back().name, "generic");
  EXPECT_TRUE(variants().back().supported);
}

TEST(Variants, ForcingTakesEffect) {
  for (const Variant& variant : variants()) {
    const Variant* chosen = choose_variant(variant.name);
    if (!variant.supported) {
      EXPECT_EQ(chosen, nullptr);
    } else {
      ASSERT_NE(chosen, nullptr);
      EXPECT_EQ(chosen->name, variant.name);
      EXPECT_NE(chosen->brgemm->run, nullptr);
      // Distinct code, not one variant under several names.
      for (const Variant& other : variants()) {
        if (&other != &variant && other.supported) {
          EXPECT_TRUE(chosen->brgemm->run != other.brgemm->run || chosen->bf16 != other.bf16);
        }
      }
    }
  }
  EXPECT_EQ(choose_variant("avx1024"), nullptr);
}

}  // namespace
}  // namespace inkling::kernels

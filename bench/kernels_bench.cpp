// The batch-reduce product on the shapes cnn3 asks of it, one core, operands in cache, for each
// instruction-set variant and both kinds of operands: the counter FLOP/s of
//
//   kernels_bench --benchmark_filter=avx512
#include <benchmark/benchmark.h>

#include <string>
#include <type_traits>
#include <vector>

#include "base/aligned_buffer.h"
#include "kernels/variant.h"

namespace inkling {
namespace {

using kernels::Bf16Pair;
using kernels::BrgemmArgsOf;

// k counts values, two to an element of bf16. Transposed: as a weight gradient reads its pixels.
struct Case {
  const char* name;
  int count, m, n, k;
  bool transposed;
};

const Case kCases[] = {
    {"conv1_row", 3, 28, 32, 3, false},       // f32 alone: three values are no pairs
    {"conv2_row", 3, 14, 64, 96, false},      //
    {"conv3_row", 3, 7, 128, 192, false},     //
    {"conv2_weights", 14, 96, 64, 28, true},  // two images' rows of 14 pixels, as pairs in bf16
    {"conv3_weights", 7, 192, 128, 14, true}, {"fc1_block", 1, 32, 128, 512, false},
};

template <typename Element>
void product(benchmark::State& state, const Case& shape, const auto& kernels) {
  const int values = std::is_same_v<Element, float> ? 1 : 2;
  BrgemmArgsOf<Element> args;
  args.count = shape.count, args.m = shape.m, args.n = shape.n, args.k = shape.k / values;
  args.a_transposed = shape.transposed;
  args.lda = shape.transposed ? shape.m : args.k;
  args.ldb = shape.transposed ? shape.n : kernels.panel_columns;
  args.b_panel = shape.transposed ? kernels.panel_columns : args.k * kernels.panel_columns;
  args.ldc = shape.n;
  const ptrdiff_t a_size = static_cast<ptrdiff_t>(shape.m) * args.k;
  const ptrdiff_t b_size = static_cast<ptrdiff_t>(args.k) * (shape.n + kernels.panel_columns - 1);
  std::vector<ptrdiff_t> a_offsets, b_offsets;
  for (int i = 0; i < shape.count; ++i) {
    a_offsets.push_back(i * a_size);
    b_offsets.push_back(i * b_size);
  }
  AlignedBuffer<Element> a(static_cast<size_t>(a_size * shape.count)),
      b(static_cast<size_t>(b_size * shape.count) + 64);
  AlignedBuffer<float> c(static_cast<size_t>(shape.m) * static_cast<size_t>(shape.n));
  args.a = a.data(), args.b = b.data(), args.c = c.data();
  args.a_offsets = a_offsets.data(), args.b_offsets = b_offsets.data();
  for (auto _ : state) {
    kernels.run(args);
    benchmark::ClobberMemory();
  }
  state.counters["FLOP/s"] = benchmark::Counter(
      2.0 * shape.count * shape.m * shape.n * args.k * values,
      benchmark::Counter::kIsIterationInvariantRate, benchmark::Counter::kIs1000);
}

void register_all() {
  const kernels::BrgemmKernels* measured =
      nullptr;  // variants next to each other may share a table
  for (const kernels::Variant& variant : kernels::variants()) {
    if (!variant.supported) continue;
    for (const Case& shape : kCases) {
      const std::string name = std::string(variant.name) + "/" + shape.name;
      if (variant.bf16 && shape.k % 2 == 0) {
        benchmark::RegisterBenchmark((name + "/bf16").c_str(), [&](benchmark::State& state) {
          product<Bf16Pair>(state, shape, *variant.bf16);
        });
      }
      if (variant.brgemm == measured) continue;
      benchmark::RegisterBenchmark((name + "/f32").c_str(), [&](benchmark::State& state) {
        product<float>(state, shape, *variant.brgemm);
      });
    }
    measured = variant.brgemm;
  }
}

const bool kRegistered = (register_all(), true);

}  // namespace
}  // namespace inkling

// The batch-reduce product over an arithmetic of one instruction set. Included, inside that set's
// own namespace and target options, by brgemm.cpp (Highway, f32) and brgemm_bf16.cpp (AVX-512
// bf16), hence no include guard and no #include of its own. Specification: reference.h.
//
// An Arithmetic gives: Element (of A and B), Vector (of B), Sum (f32 lanes), kLanes, kMaxRows[5]
// (by vectors a tile is wide), kFlops (of a multiply_add, a lane), zero(), load_b(p), broadcast(p),
// multiply_add(a, b, sum), and for C load_c(p, count), store_c(v, count, p), add, relu.
//
// A register tile of rows x (vectors * lanes) of C stays in registers over the whole batch. With 32
// registers tiles are 14 x 2 or 7 x 4 vectors: 28 sums, two or four vectors of B, one broadcast of
// A. With 16 they are 6 x 2 or 3 x 4.

constexpr int kPanelVectors = 2;

// One tile. `columns` is how many of its columns exist in C.
template <typename Arithmetic, int kRows, int kVectors, bool kTransposed>
HWY_NOINLINE void tile(const BrgemmArgsOf<typename Arithmetic::Element>& args,
                       const typename Arithmetic::Element* a0,
                       const typename Arithmetic::Element* b0, float* c, int columns,
                       const float* bias) {
  using Element = typename Arithmetic::Element;
  constexpr int kLanes = Arithmetic::kLanes;
  const ptrdiff_t lda = args.lda, ldb = args.ldb;
  typename Arithmetic::Sum sum[size_t{kRows}][size_t{kVectors}];
#pragma GCC unroll 16
  for (int m = 0; m < kRows; ++m) {
#pragma GCC unroll 4
    for (int v = 0; v < kVectors; ++v) sum[m][v] = Arithmetic::zero();
  }

  for (int i = 0; i < args.count; ++i) {
    const Element* HWY_RESTRICT a = a0 + args.a_offsets[i];
    const Element* HWY_RESTRICT b_low = b0 + args.b_offsets[i];
    const Element* HWY_RESTRICT b_high = b_low + (kVectors > kPanelVectors ? args.b_panel : 0);
    // One pointer for three rows: x86 addresses base + {0, 4, 8} * lda in the load itself.
    const Element* bases[5] = {a, a + 3 * lda, a + 6 * lda, a + 9 * lda, a + 12 * lda};
    for (int k = args.k; k > 0; --k) {
      typename Arithmetic::Vector b[size_t{kVectors}];
#pragma GCC unroll 4
      for (int v = 0; v < kVectors; ++v) {
        b[v] = v < kPanelVectors ? Arithmetic::load_b(b_low + v * kLanes)
                                 : Arithmetic::load_b(b_high + (v - kPanelVectors) * kLanes);
      }
#pragma GCC unroll 16
      for (int m = 0; m < kRows; ++m) {
        const auto x = Arithmetic::broadcast(kTransposed ? a + m : bases[m / 3] + (m % 3) * lda);
#pragma GCC unroll 4
        for (int v = 0; v < kVectors; ++v) {
          sum[m][v] = Arithmetic::multiply_add(x, b[v], sum[m][v]);
        }
      }
      if (kTransposed) {
        a += lda;
      } else {
#pragma GCC unroll 5
        for (int base = 0; base < 5; ++base) ++bases[base];
      }
      b_low += ldb;
      b_high += ldb;
    }
  }

  // The epilogue. The last vector may be cut.
#pragma GCC unroll 4
  for (int v = 0; v < kVectors; ++v) {
    const int first = v * kLanes;
    if (first >= columns) break;
    const int left = columns - first, count = left < kLanes ? left : kLanes;
    const auto start = bias ? Arithmetic::load_c(bias + first, count) : Arithmetic::zero();
#pragma GCC unroll 16
    for (int m = 0; m < kRows; ++m) {
      float* out = c + m * args.ldc + first;
      auto value =
          Arithmetic::add(sum[m][v], args.accumulate ? Arithmetic::load_c(out, count) : start);
      if (args.relu) value = Arithmetic::relu(value);
      Arithmetic::store_c(value, count, out);
    }
  }
}

template <typename Arithmetic>
using Tile = void (*)(const BrgemmArgsOf<typename Arithmetic::Element>&,
                      const typename Arithmetic::Element*, const typename Arithmetic::Element*,
                      float*, int, const float*);

template <typename Arithmetic, int kVectors, bool kTransposed>
Tile<Arithmetic> tile_of(int rows) {
  return [rows]<int... kRow>(std::integer_sequence<int, kRow...>) {
    static constexpr Tile<Arithmetic> kTiles[] = {
        tile<Arithmetic, kRow + 1, kVectors, kTransposed>...};
    return kTiles[rows - 1];
  }
  (std::make_integer_sequence<int, Arithmetic::kMaxRows[kVectors]>());
}

template <typename Arithmetic>
Tile<Arithmetic> choose_tile(int vectors, bool transposed, int rows) {
  switch (vectors) {
    case 1:
      return transposed ? tile_of<Arithmetic, 1, true>(rows) : tile_of<Arithmetic, 1, false>(rows);
    case 2:
      return transposed ? tile_of<Arithmetic, 2, true>(rows) : tile_of<Arithmetic, 2, false>(rows);
    default:
      return transposed ? tile_of<Arithmetic, 4, true>(rows) : tile_of<Arithmetic, 4, false>(rows);
  }
}

// Rows are cut into equal blocks, so that none is left over small.
template <typename Arithmetic>
void run_columns(const BrgemmArgsOf<typename Arithmetic::Element>& args, int vectors, int first,
                 int columns) {
  constexpr int kPanel = kPanelVectors * Arithmetic::kLanes;
  const auto* b = args.b + first / kPanel * args.b_panel;
  const float* bias = args.bias ? args.bias + first : nullptr;
  const int rows = Arithmetic::kMaxRows[vectors];
  const int blocks = (args.m + rows - 1) / rows;
  for (int block = 0, row = 0; block < blocks; ++block) {
    const int end = args.m * (block + 1) / blocks;
    const auto* a = args.a + row * (args.a_transposed ? 1 : args.lda);
    choose_tile<Arithmetic>(vectors, args.a_transposed, end - row)(
        args, a, b, args.c + row * args.ldc + first, columns, bias);
    row = end;
  }
}

template <typename Arithmetic>
void run_product(const BrgemmArgsOf<typename Arithmetic::Element>& args) noexcept {
  constexpr int kLanes = Arithmetic::kLanes;
  for (int first = 0; first < args.n;) {
    const int left = args.n - first;
    // Four vectors where rows are few: the tile is then bound by neither loads nor latency.
    const bool wide = left > (kPanelVectors + 1) * kLanes &&
                      args.m % Arithmetic::kMaxRows[2] != 0 &&
                      args.m <= 2 * Arithmetic::kMaxRows[4];
    const int vectors = wide ? 4 : left > kLanes ? 2 : 1;
    const int columns = left < vectors * kLanes ? left : vectors * kLanes;
    run_columns<Arithmetic>(args, vectors, first, columns);
    first += columns;
  }
}

// Nothing but multiply-adds on registers: 12 independent chains, as many as AVX2 has registers for.
// Returns the floating-point operations done.
template <typename Arithmetic>
double spin(int64_t rounds) noexcept {
  constexpr int kChains = 12, kLanes = Arithmetic::kLanes;
  // Values the compiler cannot know, a start for each chain: it would know the sums otherwise, or
  // compute equal chains once.
  static volatile int opaque = 0;
  alignas(64) float start[size_t{kChains * kLanes}];
  alignas(64) typename Arithmetic::Element operand[size_t{kLanes}];
  std::memset(start, opaque, sizeof(start));
  std::memset(static_cast<void*>(operand), opaque, sizeof(operand));
  typename Arithmetic::Sum sum[kChains];
  const auto a = Arithmetic::broadcast(operand);
  const auto b = Arithmetic::load_b(operand);
#pragma GCC unroll 12
  for (int i = 0; i < kChains; ++i) sum[i] = Arithmetic::load_c(start + i * kLanes, kLanes);
  for (int64_t round = 0; round < rounds; ++round) {
#pragma GCC unroll 12
    for (int i = 0; i < kChains; ++i) sum[i] = Arithmetic::multiply_add(a, b, sum[i]);
  }
  auto total = sum[0];
#pragma GCC unroll 12
  for (int i = 1; i < kChains; ++i) total = Arithmetic::add(total, sum[i]);
  alignas(64) float sink[size_t{kLanes}];
  Arithmetic::store_c(total, kLanes, sink);
  volatile float keep = sink[0];
  (void)keep;
  return static_cast<double>(rounds) * kChains * kLanes * Arithmetic::kFlops;
}

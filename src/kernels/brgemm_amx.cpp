// The batch-reduce matrix product on AMX tiles (TDPBF16PS): a tile of A has up to 16 rows of 16
// pairs, a tile of B 16 rows of pairs by 16 columns, a tile of C 16 x 16 sums in f32. Products that
// do not fill tiles (a transposed A, a short k) go to the vectors of brgemm_bf16.cpp; the choice
// depends on the shape alone, so the same product gives the same bits everywhere.
//
// Eight tile registers, all of one shape configuration:
//
//   more than 16 rows                     up to 16 rows
//            B6   B7                               B6   B7   (then the next two)
//       A4 | C0 | C1 |                        A4 | C0 | C1 | C2 | C3 |
//       A5 | C2 | C3 |
//
// Instructions are written out in assembly: GCC 12's intrinsics lack the "memory" clobber, so
// stores before a tile load could sink below it. Each thread keeps the configuration of its last
// product; a layer asks for one shape many times over.
#include "hwy/base.h"
#include "kernels/brgemm_bf16.h"

#if HWY_ARCH_X86_64

#include <cpuid.h>
#include <immintrin.h>
#include <sys/syscall.h>
#include <unistd.h>

#if !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"  // in the intrinsics' own headers (GCC 12)
#endif
HWY_PUSH_ATTRIBUTES("avx512f,avx512bw,avx512vl,avx512dq,avx512bf16,fma,bmi,bmi2")

namespace inkling::kernels::amx_bf16 {
namespace {

constexpr int kTileRows = 16, kTileColumns = 16;
constexpr int kPanelColumns = 32;  // as brgemm_bf16.cpp packs B
constexpr int kShortestDepth = 8;  // below it tiles are emptier than vectors

// The operand of LDTILECFG (Intel SDM, volume 2).
struct alignas(64) TileConfig {
  uint8_t palette = 1;
  uint8_t start_row = 0;
  uint8_t reserved[14] = {};
  uint16_t row_bytes[16] = {};
  uint8_t rows[16] = {};
};

template <int kTile>
HWY_INLINE void tile_zero() {
  __asm__ volatile("tilezero %%tmm%c0" ::"i"(kTile));
}
template <int kTile>
HWY_INLINE void tile_load(const void* p, ptrdiff_t row_bytes) {
  __asm__ volatile("tileloadd (%0,%1,1), %%tmm%c2" ::"r"(p), "r"(row_bytes), "i"(kTile) : "memory");
}
template <int kTile>
HWY_INLINE void tile_store(void* p, ptrdiff_t row_bytes) {
  __asm__ volatile("tilestored %%tmm%c2, (%0,%1,1)" ::"r"(p), "r"(row_bytes), "i"(kTile)
                   : "memory");
}
// C += A B.
template <int kC, int kA, int kB>
HWY_INLINE void tile_multiply_add() {
  __asm__ volatile("tdpbf16ps %%tmm%c2, %%tmm%c1, %%tmm%c0" ::"i"(kC), "i"(kA), "i"(kB));
}

// Rows of the upper and the lower row of tiles (0: there is none), pairs along k a tile takes.
struct TileShape {
  int upper = 0, lower = 0, depth = 0;
  bool operator==(const TileShape&) const = default;
};

void configure(const TileShape& shape) {
  static thread_local TileShape current;
  if (shape == current) return;
  TileConfig config;
  for (int tile = 0; tile < 8; ++tile) {
    const bool is_b = tile >= 6, in_lower = tile == 5 || (tile >= 2 && tile < 4);
    const int rows = is_b ? shape.depth : in_lower && shape.lower ? shape.lower : shape.upper;
    const int columns = tile == 4 || tile == 5 ? shape.depth : kTileColumns;
    config.rows[tile] = static_cast<uint8_t>(rows);
    config.row_bytes[tile] = static_cast<uint16_t>(4 * columns);
  }
  __asm__ volatile("ldtilecfg %0" ::"m"(config));
  current = shape;
}

// Where a block of C is computed: its first row and column, and what it is made of.
struct Block {
  int row, column;
  TileShape shape;
};

const Bf16Pair* b_columns(const Bf16BrgemmArgs& args, int column) {
  return args.b + column / kPanelColumns * args.b_panel + column % kPanelColumns;
}

// The tile's columns that C has.
int columns_of(const Bf16BrgemmArgs& args, int column) {
  return args.n - column < kTileColumns ? args.n - column : kTileColumns;
}

// Whole tiles begin with what the sum starts from; cut ones with 0.
template <int kTile>
HWY_INLINE void begin_tile(const Bf16BrgemmArgs& args, int row, int column) {
  if (columns_of(args, column) < kTileColumns || (!args.accumulate && !args.bias)) {
    tile_zero<kTile>();
  } else if (args.accumulate) {
    tile_load<kTile>(args.c + row * args.ldc + column, 4 * args.ldc);
  } else {
    tile_load<kTile>(args.bias + column, 0);  // a stride of 0: the same row each time
  }
}

template <int kTile>
HWY_INLINE void end_tile(const Bf16BrgemmArgs& args, int row, int column, int rows) {
  const int columns = columns_of(args, column);
  float* c = args.c + row * args.ldc + column;
  const bool whole = columns == kTileColumns;
  if (whole && !args.relu) return tile_store<kTile>(c, 4 * args.ldc);
  alignas(64) float sums[kTileRows * kTileColumns];
  tile_store<kTile>(sums, 4 * kTileColumns);
  const __mmask16 mask = static_cast<__mmask16>((1u << columns) - 1);
  const __m512 zero = _mm512_setzero_ps();
  const __m512 bias = whole || !args.bias ? zero : _mm512_maskz_loadu_ps(mask, args.bias + column);
  for (int m = 0; m < rows; ++m, c += args.ldc) {
    __m512 value = _mm512_load_ps(sums + m * kTileColumns);
    if (!whole)
      value = _mm512_add_ps(value, args.accumulate ? _mm512_maskz_loadu_ps(mask, c) : bias);
    if (args.relu) value = _mm512_max_ps(value, zero);
    _mm512_mask_storeu_ps(c, mask, value);
  }
}

// Two rows of tiles by one or two columns of them.
template <bool kTwoColumns>
void run_two_rows(const Bf16BrgemmArgs& args, const Block& block) {
  const int row = block.row, lower = row + block.shape.upper;
  const int left = block.column, right = left + kTileColumns;
  begin_tile<0>(args, row, left);
  begin_tile<2>(args, lower, left);
  if constexpr (kTwoColumns) {
    begin_tile<1>(args, row, right);
    begin_tile<3>(args, lower, right);
  }
  const ptrdiff_t a_bytes = 4 * args.lda, b_bytes = 4 * args.ldb;
  const ptrdiff_t b_step = block.shape.depth * args.ldb;
  const Bf16Pair* const b_left = b_columns(args, left);
  for (int i = 0; i < args.count; ++i) {
    const Bf16Pair* a = args.a + args.a_offsets[i] + row * args.lda;
    const Bf16Pair* a_lower = a + block.shape.upper * args.lda;
    const Bf16Pair* b = b_left + args.b_offsets[i];
    for (int k = 0; k < args.k; k += block.shape.depth, b += b_step) {
      tile_load<6>(b, b_bytes);
      tile_load<4>(a + k, a_bytes);
      tile_multiply_add<0, 4, 6>();
      tile_load<5>(a_lower + k, a_bytes);
      tile_multiply_add<2, 5, 6>();
      if constexpr (kTwoColumns) {
        tile_load<7>(b + kTileColumns, b_bytes);
        tile_multiply_add<1, 4, 7>();
        tile_multiply_add<3, 5, 7>();
      }
    }
  }
  end_tile<0>(args, row, left, block.shape.upper);
  end_tile<2>(args, lower, left, block.shape.lower);
  if constexpr (kTwoColumns) {
    end_tile<1>(args, row, right, block.shape.upper);
    end_tile<3>(args, lower, right, block.shape.lower);
  }
}

// One row of tiles by up to four columns of them.
template <int kColumns>
void run_one_row(const Bf16BrgemmArgs& args, const Block& block) {
  const int row = block.row, column = block.column;
  begin_tile<0>(args, row, column);
  if constexpr (kColumns > 1) begin_tile<1>(args, row, column + kTileColumns);
  if constexpr (kColumns > 2) begin_tile<2>(args, row, column + 2 * kTileColumns);
  if constexpr (kColumns > 3) begin_tile<3>(args, row, column + 3 * kTileColumns);
  const ptrdiff_t a_bytes = 4 * args.lda, b_bytes = 4 * args.ldb;
  const ptrdiff_t b_step = block.shape.depth * args.ldb;
  const Bf16Pair* const b_first = b_columns(args, column);
  const Bf16Pair* const b_second = kColumns > 2 ? b_columns(args, column + kPanelColumns) : b_first;
  for (int i = 0; i < args.count; ++i) {
    const Bf16Pair* a = args.a + args.a_offsets[i] + row * args.lda;
    const Bf16Pair* b = b_first + args.b_offsets[i];
    const Bf16Pair* b_next = b_second + args.b_offsets[i];
    for (int k = 0; k < args.k; k += block.shape.depth, b += b_step, b_next += b_step) {
      tile_load<4>(a + k, a_bytes);
      tile_load<6>(b, b_bytes);
      tile_multiply_add<0, 4, 6>();
      if constexpr (kColumns > 1) {
        tile_load<7>(b + kTileColumns, b_bytes);
        tile_multiply_add<1, 4, 7>();
      }
      if constexpr (kColumns > 2) {
        tile_load<6>(b_next, b_bytes);
        tile_multiply_add<2, 4, 6>();
      }
      if constexpr (kColumns > 3) {
        tile_load<7>(b_next + kTileColumns, b_bytes);
        tile_multiply_add<3, 4, 7>();
      }
    }
  }
  end_tile<0>(args, row, column, block.shape.upper);
  if constexpr (kColumns > 1) end_tile<1>(args, row, column + kTileColumns, block.shape.upper);
  if constexpr (kColumns > 2) end_tile<2>(args, row, column + 2 * kTileColumns, block.shape.upper);
  if constexpr (kColumns > 3) end_tile<3>(args, row, column + 3 * kTileColumns, block.shape.upper);
}

void run_rows(const Bf16BrgemmArgs& args, int row, const TileShape& shape) {
  configure(shape);
  const int tiles = (args.n + kTileColumns - 1) / kTileColumns;
  for (int tile = 0; tile < tiles;) {
    const Block block{row, tile * kTileColumns, shape};
    const int left = tiles - tile;
    if (shape.lower > 0) {
      left > 1 ? run_two_rows<true>(args, block) : run_two_rows<false>(args, block);
      tile += 2;
    } else {
      switch (left) {
        case 1:
          run_one_row<1>(args, block);
          break;
        case 2:
          run_one_row<2>(args, block);
          break;
        case 3:
          run_one_row<3>(args, block);
          break;
        default:
          run_one_row<4>(args, block);
      }
      tile += 4;
    }
  }
}

// Pairs along k a tile takes: the most that k is a multiple of.
int tile_depth(int k) {
  int depth = kTileDepth;
  while (k % depth != 0) --depth;
  return depth;
}

void run(const Bf16BrgemmArgs& args) noexcept {
  const int depth = args.k > 0 ? tile_depth(args.k) : 0;
  if (args.a_transposed || depth < kShortestDepth) {
    return avx512_bf16::bf16_kernels()->run(args);
  }
  // Rows are cut into equal blocks of one or two rows of tiles.
  constexpr int kMost = 2 * kTileRows;
  const int blocks = (args.m + kMost - 1) / kMost;
  for (int block = 0, row = 0; block < blocks; ++block) {
    const int end = args.m * (block + 1) / blocks, rows = end - row;
    const int upper = rows > kTileRows ? (rows + 1) / 2 : rows;
    run_rows(args, row, {.upper = upper, .lower = rows - upper, .depth = depth});
    row = end;
  }
}

// Tile products on registers alone.
double spin(int64_t rounds) noexcept {
  configure({.upper = kTileRows, .lower = kTileRows, .depth = kTileDepth});
  tile_zero<0>(), tile_zero<1>(), tile_zero<2>(), tile_zero<3>();
  tile_zero<4>(), tile_zero<5>(), tile_zero<6>(), tile_zero<7>();
  constexpr int kTileFlops = 2 * kTileRows * kTileColumns * 2 * kTileDepth, kProducts = 4;
  const int64_t turns = rounds / 64;  // a product is worth some sixty of a vector's
  for (int64_t turn = 0; turn < turns; ++turn) {
    tile_multiply_add<0, 4, 6>();
    tile_multiply_add<1, 4, 7>();
    tile_multiply_add<2, 5, 6>();
    tile_multiply_add<3, 5, 7>();
  }
  return static_cast<double>(turns) * kProducts * kTileFlops;
}

}  // namespace

// CPUID says what the CPU has, XCR0 what the operating system saves, and Linux wants to be asked
// for a process's tiles (Documentation/arch/x86/xstate.rst).
bool supported() {
  unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
  if (!__get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx)) return false;
  constexpr unsigned kBf16 = 1u << 22, kTile = 1u << 24;
  if ((edx & (kBf16 | kTile)) != (kBf16 | kTile)) return false;
  if (!__get_cpuid(1, &eax, &ebx, &ecx, &edx) || (ecx & (1u << 27)) == 0) return false;  // OSXSAVE
  unsigned low = 0, high = 0;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  constexpr unsigned kTileState = 3u << 17;  // XTILECFG and XTILEDATA
  if ((low & kTileState) != kTileState) return false;
#if defined(__linux__)
  constexpr long kRequestPermission = 0x1023, kTileData = 18;  // ARCH_REQ_XCOMP_PERM
  return syscall(SYS_arch_prctl, kRequestPermission, kTileData) == 0;
#else
  return false;
#endif
}

const Bf16Kernels* bf16_kernels() {
  static const Bf16Kernels kTable = [] {
    Bf16Kernels table = *avx512_bf16::bf16_kernels();
    table.a_by_rows = true;
    table.run = run;
    table.spin = spin;
    return table;
  }();
  return &kTable;
}

}  // namespace inkling::kernels::amx_bf16

HWY_POP_ATTRIBUTES
#endif  // HWY_ARCH_X86_64

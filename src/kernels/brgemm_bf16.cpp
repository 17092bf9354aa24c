// The batch-reduce matrix product on pairs of bf16 (VDPBF16PS), which Highway 1.0.3 has no word
// for: intrinsics, in a namespace and with target options of their own. Two products an f32 lane,
// added to an f32 sum.
#include "kernels/brgemm_bf16.h"

#include <array>
#include <cstring>
#include <utility>

#include "hwy/base.h"

#if HWY_ARCH_X86_64

#include <immintrin.h>

#if !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"  // in the intrinsics' own headers (GCC 12)
#endif
HWY_PUSH_ATTRIBUTES("avx512f,avx512bw,avx512vl,avx512dq,avx512bf16,fma,bmi,bmi2")

namespace inkling::kernels::avx512_bf16 {
namespace {

#include "kernels/brgemm-inl.h"

struct Bf16 {
  using Element = Bf16Pair;
  using Vector = __m512bh;
  using Sum = __m512;
  static constexpr int kLanes = 16;
  static constexpr int kFlops = 4;
  static constexpr int kMaxRows[5] = {0, 14, 14, 0, 7};

  static HWY_INLINE __m512 zero() { return _mm512_setzero_ps(); }
  static HWY_INLINE __m512bh load_b(const Bf16Pair* p) { return (__m512bh)_mm512_loadu_si512(p); }
  static HWY_INLINE __m512bh broadcast(const Bf16Pair* p) {
    int pair;
    std::memcpy(&pair, p, sizeof(pair));
    return (__m512bh)_mm512_set1_epi32(pair);
  }
  static HWY_INLINE __m512 multiply_add(__m512bh a, __m512bh b, __m512 sum) {
    return _mm512_dpbf16_ps(sum, a, b);
  }
  static HWY_INLINE __m512 add(__m512 a, __m512 b) { return _mm512_add_ps(a, b); }
  static HWY_INLINE __m512 relu(__m512 a) { return _mm512_max_ps(a, zero()); }
  static HWY_INLINE __mmask16 first(ptrdiff_t count) {
    return static_cast<__mmask16>((1u << count) - 1);
  }
  static HWY_INLINE __m512 load_c(const float* p, int count) {
    return _mm512_maskz_loadu_ps(first(count), p);
  }
  static HWY_INLINE void store_c(__m512 v, int count, float* p) {
    _mm512_mask_storeu_ps(p, first(count), v);
  }
};

constexpr int kPanelColumns = kPanelVectors * Bf16::kLanes;

// Lanes (low[i], high[i]) rounded.
HWY_INLINE __m512i round_pairs(__m512 low, __m512 high) {
  const __m512i first = _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh(low));
  const __m512i second = _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh(high));
  return _mm512_or_si512(first, _mm512_slli_epi32(second, 16));
}

void convert(const float* src, ptrdiff_t n, Bf16Pair* dst) noexcept {
  for (ptrdiff_t i = 0; i < n; i += 16) {
    const __mmask16 mask = n - i >= 16 ? 0xffff : Bf16::first(n - i);
    const __m256i rounded = (__m256i)_mm512_cvtneps_pbh(_mm512_maskz_loadu_ps(mask, src + i));
    _mm256_mask_storeu_epi16(reinterpret_cast<uint16_t*>(dst) + i, mask, rounded);
  }
}

void interleave(const float* first, const float* second, ptrdiff_t n, Bf16Pair* dst) noexcept {
  for (ptrdiff_t i = 0; i < n; i += 16) {
    const __mmask16 mask = n - i >= 16 ? 0xffff : Bf16::first(n - i);
    const __m512 low = _mm512_maskz_loadu_ps(mask, first + i);
    const __m512 high = second ? _mm512_maskz_loadu_ps(mask, second + i) : Bf16::zero();
    _mm512_mask_storeu_epi32(dst + i, mask, round_pairs(low, high));
  }
}

// One step of a 16 x 16 transposition: blocks of `kSpan` elements change places across the diagonal
// of each 2 kSpan x 2 kSpan square. Spans 1, 2, 4, 8 in any order transpose the whole.
template <int kSpan>
HWY_INLINE void swap_blocks(__m512i (&rows)[16]) {
  alignas(64) static constexpr auto kLow = [] {
    std::array<int, 16> index{};
    int i = 0;
    for (int& lane : index) lane = i & kSpan ? 16 + i - kSpan : i, ++i;
    return index;
  }();
  alignas(64) static constexpr auto kHigh = [] {
    std::array<int, 16> index{};
    int i = 0;
    for (int& lane : index) lane = i & kSpan ? 16 + i : i + kSpan, ++i;
    return index;
  }();
  const __m512i low = _mm512_load_si512(kLow.data()), high = _mm512_load_si512(kHigh.data());
#pragma GCC unroll 16
  for (int r = 0; r < 16; ++r) {
    if (r & kSpan) continue;
    const __m512i upper = rows[r], lower = rows[r + kSpan];
    rows[r] = _mm512_permutex2var_epi32(upper, low, lower);
    rows[r + kSpan] = _mm512_permutex2var_epi32(upper, high, lower);
  }
}

void transpose(const PairedRows& rows, ptrdiff_t stride, Bf16Pair* dst) noexcept {
  for (int column = 0; column < rows.columns; column += 16) {
    const int columns = rows.columns - column < 16 ? rows.columns - column : 16;
    const __mmask16 mask = Bf16::first(columns);
    for (ptrdiff_t row = 0; row < stride; row += 16) {
      __m512i block[16];
#pragma GCC unroll 16
      for (int r = 0; r < 16; ++r) {
        const ptrdiff_t at = (row + r) * rows.row_stride + column;
        const __m512 first =
            row + r < rows.first_rows ? _mm512_maskz_loadu_ps(mask, rows.first + at) : Bf16::zero();
        const __m512 second = row + r < rows.second_rows
                                  ? _mm512_maskz_loadu_ps(mask, rows.second + at)
                                  : Bf16::zero();
        block[r] = round_pairs(first, second);
      }
      swap_blocks<1>(block);
      swap_blocks<2>(block);
      swap_blocks<4>(block);
      swap_blocks<8>(block);
      for (int c = 0; c < columns; ++c) {
        _mm512_storeu_si512(dst + (column + c) * stride + row, block[c]);
      }
    }
  }
}

// 16 values of one row of src, `step` apart, the first `count` of them.
HWY_INLINE __m512 gather(const float* src, ptrdiff_t step, int count) {
  if (step == 1) return _mm512_maskz_loadu_ps(Bf16::first(count), src);
  alignas(64) float values[16] = {};
  for (int n = 0; n < count; ++n) values[n] = src[n * step];
  return _mm512_load_ps(values);
}

void pack(const float* src, ptrdiff_t row_stride, ptrdiff_t column_stride, int rows, int columns,
          ptrdiff_t panel, Bf16Pair* dst) noexcept {
  for (int first = 0; first < columns; first += kPanelColumns, dst += panel) {
    for (int k = 0; k < rows; k += 2) {
      for (int n = 0; n < kPanelColumns; n += 16) {
        const int left = columns - first - n, count = left < 0 ? 0 : left < 16 ? left : 16;
        const float* from = src + k * row_stride + (first + n) * column_stride;
        const __m512i pairs = round_pairs(gather(from, column_stride, count),
                                          gather(from + row_stride, column_stride, count));
        _mm512_storeu_si512(dst + k / 2 * kPanelColumns + n, pairs);
      }
    }
  }
}

}  // namespace

const Bf16Kernels* bf16_kernels() {
  static const Bf16Kernels kTable = {.panel_columns = kPanelColumns,
                                     .a_by_rows = false,
                                     .run = run_product<Bf16>,
                                     .pack = pack,
                                     .convert = convert,
                                     .interleave = interleave,
                                     .transpose = transpose,
                                     .spin = spin<Bf16>};
  return &kTable;
}

}  // namespace inkling::kernels::avx512_bf16

HWY_POP_ATTRIBUTES
#endif  // HWY_ARCH_X86_64

// Warps for every Highway target. Specification: reference.h.
#include "kernels/warp.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/warp.cpp"
#include "hwy/foreach_target.h"
// After foreach_target.
#include "kernels/dispatch-inl.h"

HWY_BEFORE_NAMESPACE();
namespace inkling::kernels::HWY_NAMESPACE {
namespace {

using DI = hn::RebindToSigned<D>;
using DU = hn::RebindToUnsigned<D>;
using DB = hn::Rebind<uint8_t, D>;  // as many bytes as there are lanes
using VI = hn::Vec<DI>;
using VU = hn::Vec<DU>;
using VB = hn::Vec<DB>;

HWY_INLINE VI widen(const uint8_t* p) { return hn::PromoteTo(DI(), hn::LoadU(DB(), p)); }

void quads(const uint8_t* p, ptrdiff_t p_stride, size_t rows, size_t columns, uint32_t* q,
           ptrdiff_t q_stride) noexcept {
  const DI d;
  // Column by column of vectors, so that a row's pairs serve the row above them too.
  for (size_t x = 0; x < columns; x += hn::Lanes(d)) {
    const auto pairs = [&](const uint8_t* at)
                           HWY_ATTR { return hn::Or(widen(at), hn::ShiftLeft<8>(widen(at + 1))); };
    const uint8_t* row = p + x;
    VI above = pairs(row);
    for (size_t y = 0; y < rows; ++y) {
      row += p_stride;
      const VI below = pairs(row);
      const VI quad = hn::Or(above, hn::ShiftLeft<16>(below));
      hn::StoreU(hn::BitCast(DU(), quad), DU(), q + static_cast<ptrdiff_t>(y) * q_stride + x);
      above = below;
    }
  }
}

// m is the extreme of five; the blend is done in whole numbers, so that every variant agrees.
template <typename Extreme>
HWY_INLINE void blend_row(const uint8_t* x, ptrdiff_t stride, size_t width, int weight, uint8_t* y,
                          Extreme extreme) {
  const DI d;
  const DB db;
  const VI fraction = hn::Set(d, weight), rest = hn::Set(d, 256 - weight), half = hn::Set(d, 128);
  for (size_t i = 0; i < width; i += hn::Lanes(d)) {
    const VB pixel = hn::LoadU(db, x + i);
    const VB across = extreme(hn::LoadU(db, x + i - 1), hn::LoadU(db, x + i + 1));
    const VB along = extreme(hn::LoadU(db, x + i - stride), hn::LoadU(db, x + i + stride));
    const VI m = hn::PromoteTo(d, extreme(pixel, extreme(across, along)));
    const VI sum =
        hn::Add(hn::Mul(m, fraction), hn::Add(hn::Mul(hn::PromoteTo(d, pixel), rest), half));
    const VB blended = hn::DemoteTo(db, hn::ShiftRight<8>(sum));
    if (i + hn::Lanes(d) <= width) {
      hn::StoreU(blended, db, y + i);
    } else {
      hn::BlendedStore(blended, hn::FirstN(db, width - i), db, y + i);
    }
  }
}

void stroke(const uint8_t* x, size_t height, size_t width, ptrdiff_t stride, int weight,
            uint8_t* y) noexcept {
  for (size_t row = 0; row < height; ++row, x += stride, y += stride) {
    if (weight >= 0) {
      blend_row(x, stride, width, weight, y, [](VB a, VB b) HWY_ATTR { return hn::Max(a, b); });
    } else {
      blend_row(x, stride, width, -weight, y, [](VB a, VB b) HWY_ATTR { return hn::Min(a, b); });
    }
  }
}

void uniforms(uint32_t key, size_t n, float* a, float* b) noexcept {
  const D d;
  const DU du;
  const V step = hn::Set(d, 0x1p-15f), start = hn::Set(d, 0x1p-16f - 1);
  const auto uniform = [&](VU half) HWY_ATTR {
    return hn::MulAdd(hn::ConvertTo(d, hn::BitCast(DI(), half)), step, start);
  };
  const auto draw = [&](ptrdiff_t i) HWY_ATTR {
    return hash_bits(hn::Iota(du, key + static_cast<uint32_t>(i)));
  };
  const auto low = [&](VU h) HWY_ATTR { return uniform(hn::And(h, hn::Set(du, 0xffff))); };
  const auto high = [&](VU h) HWY_ATTR { return uniform(hn::ShiftRight<16>(h)); };
  for_vectors(
      static_cast<ptrdiff_t>(n),
      [&](ptrdiff_t i) HWY_ATTR {
        const VU h = draw(i);
        hn::StoreU(low(h), d, a + i);
        hn::StoreU(high(h), d, b + i);
      },
      [&](ptrdiff_t i, ptrdiff_t count) HWY_ATTR {
        const VU h = draw(i);
        store_first(low(h), count, a + i);
        store_first(high(h), count, b + i);
      });
}

void filter(const float* x, ptrdiff_t step, const float* weights, size_t taps, size_t n,
            float* y) noexcept {
  const D d;
  const ptrdiff_t width = lanes(), end = static_cast<ptrdiff_t>(n);
  ptrdiff_t i = 0;
  // Four sums at a time hide the latency of the multiply-adds.
  for (; i + 4 * width <= end; i += 4 * width) {
    V sum0 = hn::Zero(d), sum1 = sum0, sum2 = sum0, sum3 = sum0;
    const float* at = x + i;
    for (size_t t = 0; t < taps; ++t, at += step) {
      const V weight = hn::Set(d, weights[t]);
      sum0 = hn::MulAdd(weight, hn::LoadU(d, at), sum0);
      sum1 = hn::MulAdd(weight, hn::LoadU(d, at + width), sum1);
      sum2 = hn::MulAdd(weight, hn::LoadU(d, at + 2 * width), sum2);
      sum3 = hn::MulAdd(weight, hn::LoadU(d, at + 3 * width), sum3);
    }
    hn::StoreU(sum0, d, y + i);
    hn::StoreU(sum1, d, y + i + width);
    hn::StoreU(sum2, d, y + i + 2 * width);
    hn::StoreU(sum3, d, y + i + 3 * width);
  }
  for (; i < end; i += 2 * width) {
    V even = hn::Zero(d), odd = even;
    const float* at = x + i;
    for (size_t t = 0; t < taps; ++t, at += step) {
      const V weight = hn::Set(d, weights[t]);
      even = hn::MulAdd(weight, hn::LoadU(d, at), even);
      odd = hn::MulAdd(weight, hn::LoadU(d, at + width), odd);
    }
    store_first(even, HWY_MIN(end - i, width), y + i);
    if (end - i > width) store_first(odd, HWY_MIN(end - i - width, width), y + i + width);
  }
}

// v + noise * g, where g is the sum of a hash's four bytes brought to mean 0 and variance 1: by the
// central limit close enough to a normal, never beyond 3.5 deviations.
HWY_INLINE V add_noise(V v, float noise, uint32_t key, ptrdiff_t index) {
  const D d;
  const DU du;
  const VU h = hash_bits(hn::Iota(du, key + static_cast<uint32_t>(index)));
  const VU mask = hn::Set(du, 0xff00ff);
  const VU pairs = hn::Add(hn::And(h, mask), hn::And(hn::ShiftRight<8>(h), mask));
  const VU sum = hn::Add(hn::And(pairs, hn::Set(du, 0xffff)), hn::ShiftRight<16>(pairs));
  const V g = hn::Sub(hn::ConvertTo(d, hn::BitCast(DI(), sum)), hn::Set(d, 510.0f));
  // The variance of four bytes is 4 (256^2 - 1) / 12 = 147.799...^2.
  const V noisy = hn::MulAdd(g, hn::Set(d, noise / 147.7994f), v);
  return hn::Min(hn::Max(noisy, hn::Zero(d)), hn::Set(d, 255.0f));
}

// The bilinear samples at (x, y), which count from quad (0, 0).
HWY_INLINE V sample(const WarpArgs& args, V x, V y) {
  const D d;
  const DI di;
  const V zero = hn::Zero(d);
  // Beyond the border of zeros there are only more of them.
  x = hn::Min(hn::Max(x, zero), hn::Set(d, static_cast<float>(args.src_width + 1)));
  y = hn::Min(hn::Max(y, zero), hn::Set(d, static_cast<float>(args.src_height + 1)));
  const VI column = hn::ConvertTo(di, x), row = hn::ConvertTo(di, y);  // towards 0, so down
  const V right = hn::Sub(x, hn::ConvertTo(d, column));
  const V down = hn::Sub(y, hn::ConvertTo(d, row));
  const auto place = [&](ptrdiff_t stride) HWY_ATTR {
    return hn::Add(hn::Mul(row, hn::Set(di, static_cast<int>(stride))), column);
  };
  V p00, p01, p10, p11;
  if (args.plane != nullptr) {
    const VI at = place(args.plane_stride);
    const float* below = args.plane + args.plane_stride;
    p00 = hn::GatherIndex(d, args.plane, at);
    p01 = hn::GatherIndex(d, args.plane + 1, at);
    p10 = hn::GatherIndex(d, below, at);
    p11 = hn::GatherIndex(d, below + 1, at);
  } else {
    const VU quad = hn::GatherIndex(DU(), args.quads, place(args.quad_stride));
    const VU byte = hn::Set(DU(), 0xff);
    const auto grey = [&](VU v) HWY_ATTR { return hn::ConvertTo(d, hn::BitCast(di, v)); };
    p00 = grey(hn::And(quad, byte));
    p01 = grey(hn::And(hn::ShiftRight<8>(quad), byte));
    p10 = grey(hn::And(hn::ShiftRight<16>(quad), byte));
    p11 = grey(hn::ShiftRight<24>(quad));
  }
  const V above = hn::MulAdd(right, hn::Sub(p01, p00), p00);
  const V below = hn::MulAdd(right, hn::Sub(p11, p10), p10);
  return hn::MulAdd(down, hn::Sub(below, above), above);
}

void warp(const WarpArgs& args) noexcept {
  const D d;
  const SourceMap& m = args.map;
  const V x_x = hn::Set(d, m.x_x), y_x = hn::Set(d, m.y_x), w_x = hn::Set(d, m.w_x);
  const V gain = hn::Set(d, args.gain), white = hn::Set(d, 255.0f), one = hn::Set(d, 1.0f);
  const V scale = hn::Set(d, args.scale), offset = hn::Set(d, args.offset);
  const V alpha = hn::Set(d, args.alpha);
  const bool perspective = m.w_x != 0 || m.w_y != 0;
  const uint32_t first_key = args.noise_key + args.noise_first;
  for (int row = 0; row < args.height; ++row) {
    const float r = static_cast<float>(row);
    const V x_start = hn::Set(d, m.x_y * r + m.x_0), y_start = hn::Set(d, m.y_y * r + m.y_0);
    const V w_start = hn::Set(d, m.w_y * r + m.w_0);
    const ptrdiff_t displacement = row * args.displacement_stride;
    float* out = args.out + row * args.row_stride;
    const auto pixels = [&](ptrdiff_t i, auto load) HWY_ATTR {
      const V c = hn::Iota(d, static_cast<float>(i));
      V x = hn::MulAdd(x_x, c, x_start), y = hn::MulAdd(y_x, c, y_start);
      if (perspective) {
        const V inverse = hn::Div(one, hn::MulAdd(w_x, c, w_start));
        x = hn::Mul(x, inverse);
        y = hn::Mul(y, inverse);
      }
      if (args.dx != nullptr) {
        x = hn::MulAdd(alpha, load(args.dx + displacement + i), x);
        y = hn::MulAdd(alpha, load(args.dy + displacement + i), y);
      }
      V v = hn::Min(hn::Mul(gain, sample(args, hn::Add(x, one), hn::Add(y, one))), white);
      if (args.noise > 0) {
        v = add_noise(v, args.noise, first_key, row * ptrdiff_t{args.width} + i);
      }
      return hn::MulAdd(v, scale, offset);
    };
    for_vectors(
        args.width,
        [&](ptrdiff_t i) HWY_ATTR {
          hn::StoreU(pixels(i, [&](const float* p) HWY_ATTR { return hn::LoadU(d, p); }), d,
                     out + i);
        },
        [&](ptrdiff_t i, ptrdiff_t count) HWY_ATTR {
          const auto load = [&](const float* p) HWY_ATTR { return load_first(p, count); };
          store_first(pixels(i, load), count, out + i);
        });
  }
}

}  // namespace

const WarpKernels* warp_kernels() {
  static const WarpKernels kTable = {quads, stroke, uniforms, filter, warp};
  return &kTable;
}

}  // namespace inkling::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

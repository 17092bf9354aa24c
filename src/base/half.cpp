#include "base/half.h"

#include <bit>
#include <cmath>

namespace inkling {
namespace {

// value / 2^shift, to the nearest, of two the even one.
uint32_t rounded_shift(uint32_t value, int shift) {
  const uint32_t half = 1u << (shift - 1), low = value & ((1u << shift) - 1);
  const uint32_t whole = value >> shift;
  return whole + (low > half || (low == half && (whole & 1) != 0));
}

}  // namespace

uint16_t to_float16(float value) {
  const auto bits = std::bit_cast<uint32_t>(value);
  const uint32_t sign = bits >> 16 & 0x8000, exponent = bits >> 23 & 0xff,
                 fraction = bits & 0x7fffff;
  uint32_t half = 0;
  if (exponent == 0xff) {
    half = fraction != 0 ? 0x7e00 : 0x7c00;
  } else if (exponent >= 127 - 14) {
    // A fraction that rounds up carries into the exponent, the largest into infinity.
    const uint32_t scaled = rounded_shift((exponent - (127 - 15)) << 23 | fraction, 13);
    half = exponent > 127 + 15 || scaled > 0x7c00 ? 0x7c00 : scaled;
  } else if (exponent >= 127 - 25) {  // subnormal: multiples of 2^-24
    half = rounded_shift(fraction | 0x800000, 126 - static_cast<int>(exponent));
  }
  return static_cast<uint16_t>(sign | half);
}

float from_float16(uint16_t bits) {
  const int exponent = bits >> 10 & 31, fraction = bits & 0x3ff;
  const float sign = (bits & 0x8000) != 0 ? -1.0f : 1.0f;
  if (exponent == 0) return sign * std::ldexp(static_cast<float>(fraction), -24);
  if (exponent < 31) return sign * std::ldexp(static_cast<float>(fraction + 0x400), exponent - 25);
  return std::bit_cast<float>(static_cast<uint32_t>(bits & 0x8000) << 16 | 0x7f800000u |
                              static_cast<uint32_t>(fraction) << 13);
}

uint16_t to_bfloat16(float value) {
  const auto bits = std::bit_cast<uint32_t>(value);
  if (std::isnan(value)) return static_cast<uint16_t>(bits >> 16 | 0x40);
  return static_cast<uint16_t>(rounded_shift(bits, 16));
}

float from_bfloat16(uint16_t bits) {
  return std::bit_cast<float>(static_cast<uint32_t>(bits) << 16);
}

}  // namespace inkling

#include "base/half.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>

namespace inkling {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

TEST(Float16, EveryValueSurvivesTheWayThroughFloat) {
  for (uint32_t bits = 0; bits < 0x10000; ++bits) {
    const float value = from_float16(static_cast<uint16_t>(bits));
    if (std::isnan(value)) {
      EXPECT_TRUE(std::isnan(from_float16(to_float16(value))));
    } else {
      EXPECT_EQ(to_float16(value), bits) << value;
    }
  }
}

TEST(Float16, KnownValues) {
  EXPECT_EQ(from_float16(0x3c00), 1.0f);
  EXPECT_EQ(from_float16(0xc000), -2.0f);
  EXPECT_EQ(from_float16(0x7bff), 65504.0f);
  EXPECT_EQ(from_float16(0x0001), std::ldexp(1.0f, -24));
  EXPECT_EQ(from_float16(0xfc00), -kInfinity);
}

// Between neighbours the nearer one, in the middle the even one.
TEST(Float16, RoundsToTheNearestEven) {
  for (uint16_t low = 0; low < 0x7bff; ++low) {
    const auto high = static_cast<uint16_t>(low + 1);
    const float a = from_float16(low), b = from_float16(high), middle = (a + b) / 2;
    EXPECT_EQ(to_float16(middle), (low & 1) != 0 ? high : low) << a;
    EXPECT_EQ(to_float16(std::nextafter(middle, -kInfinity)), low) << a;
    EXPECT_EQ(to_float16(std::nextafter(middle, kInfinity)), high) << a;
  }
  EXPECT_EQ(to_float16(65519.0f), 0x7bff);
  EXPECT_EQ(to_float16(65520.0f), 0x7c00);
  EXPECT_EQ(to_float16(1e30f), 0x7c00);
  EXPECT_EQ(to_float16(std::ldexp(1.0f, -25)), 0);
  EXPECT_EQ(to_float16(-1e-30f), 0x8000);
}

TEST(Bfloat16, IsTheUpperHalfOfAFloatRounded) {
  EXPECT_EQ(to_bfloat16(1.0f), 0x3f80);
  EXPECT_EQ(from_bfloat16(0xc040), -3.0f);
  EXPECT_EQ(to_bfloat16(std::bit_cast<float>(0x3f808000u)), 0x3f80);
  EXPECT_EQ(to_bfloat16(std::bit_cast<float>(0x3f818000u)), 0x3f82);
  EXPECT_EQ(to_bfloat16(std::bit_cast<float>(0x3f808001u)), 0x3f81);
  EXPECT_TRUE(std::isnan(from_bfloat16(to_bfloat16(std::nanf("1")))));
  EXPECT_EQ(to_bfloat16(kInfinity), 0x7f80);
}

}  // namespace
}  // namespace inkling

#include "base/numbers.h"

#include <gtest/gtest.h>

#include <limits>

namespace inkling {
namespace {

TEST(ParseInteger, TakesWholeNumbers) {
  EXPECT_EQ(parse_integer("0"), 0);
  EXPECT_EQ(parse_integer("128"), 128);
  EXPECT_EQ(parse_integer("-7"), -7);
  EXPECT_EQ(parse_integer("9223372036854775807"), std::numeric_limits<int64_t>::max());
  EXPECT_EQ(parse_integer("-9223372036854775808"), std::numeric_limits<int64_t>::min());
}

TEST(ParseInteger, RefusesEverythingElse) {
  for (const char* text : {"", " ", "12x", "x12", " 1", "1 ", "+1", "-", "--1", "1.0", "1e3",
                           "0x10", "-0", "-00", "9223372036854775808", "nan"}) {
    EXPECT_EQ(parse_integer(text), std::nullopt) << '"' << text << '"';
  }
}

TEST(ParseReal, TakesDecimalsAndExponents) {
  EXPECT_EQ(parse_real("0"), 0.0);
  EXPECT_EQ(parse_real("1e-3"), 1e-3);
  EXPECT_EQ(parse_real("-2.5"), -2.5);
  EXPECT_EQ(parse_real(".5"), 0.5);
  EXPECT_EQ(parse_real("1E2"), 100.0);
}

TEST(ParseReal, RefusesEverythingElse) {
  for (const char* text : {"", " ", "12x", " 1", "1 ", "+1", "1e", "1e999", "-1e999", "nan", "NaN",
                           "inf", "-inf", "infinity", "0x10", "1,5", "1.5.2"}) {
    EXPECT_EQ(parse_real(text), std::nullopt) << '"' << text << '"';
  }
}

}  // namespace
}  // namespace inkling

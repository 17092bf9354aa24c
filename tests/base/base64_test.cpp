#include "base/base64.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace inkling {
namespace {

std::string of(std::string_view text) {
  return base64(std::vector<uint8_t>(text.begin(), text.end()));
}

// The vectors of RFC 4648, section 10.
TEST(Base64, AgreesWithTheRfc) {
  EXPECT_EQ(of(""), "");
  EXPECT_EQ(of("f"), "Zg==");
  EXPECT_EQ(of("fo"), "Zm8=");
  EXPECT_EQ(of("foo"), "Zm9v");
  EXPECT_EQ(of("foob"), "Zm9vYg==");
  EXPECT_EQ(of("fooba"), "Zm9vYmE=");
  EXPECT_EQ(of("foobar"), "Zm9vYmFy");
  EXPECT_EQ(base64(std::vector<uint8_t>{0xfb, 0xff, 0xfe}), "+//+");
}

}  // namespace
}  // namespace inkling

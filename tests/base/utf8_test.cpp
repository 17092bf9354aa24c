#include "base/utf8.h"

#include <gtest/gtest.h>

namespace inkling {
namespace {

TEST(Utf8, TextOfEveryLengthIsText) {
  for (const char* text :
       {"", "plain", "ü", "\xc2\x80", "\xdf\xbf", "お", "\xe0\xa0\x80", "\xed\x9f\xbf",
        "\xee\x80\x80", "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf", "a\xc3\xa9z"}) {
    EXPECT_TRUE(is_utf8(text)) << text;
  }
}

TEST(Utf8, OtherBytesAreNone) {
  for (const char* bytes :
       {"\xff", "\x80", "a\xbfz", "\xc3", "\xc3z", "\xe3\x81", "\xe3\x81z", "\xf0\x9f\x98",
        "\xf0\x9f\x98z", "\xc0\xaf", "\xc1\xbf", "\xe0\x9f\xbf", "\xf0\x8f\xbf\xbf",  // overlong
        "\xed\xa0\x80", "\xed\xbf\xbf",                                               // surrogates
        "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xf8\x88\x80\x80\x80"}) {
    EXPECT_FALSE(is_utf8(bytes)) << bytes;
  }
}

}  // namespace
}  // namespace inkling

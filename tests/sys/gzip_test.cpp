#include "sys/gzip.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/random.h"
#include "support/expect_error.h"

namespace inkling {
namespace {

using Bytes = std::vector<uint8_t>;

constexpr size_t kPlenty = size_t{1} << 24;

Bytes random_bytes(size_t size) {
  Random random(1);
  Bytes bytes(size);
  for (uint8_t& byte : bytes) byte = uint8_t(random.bits());
  return bytes;
}

void set_claimed_size(Bytes& zipped, uint32_t claim) {
  for (size_t i = 0; i < 4; ++i) zipped[zipped.size() - 4 + i] = uint8_t(claim >> (8 * i));
}

TEST(Gzip, BytesSurviveBothWays) {
  for (size_t size : {size_t{0}, size_t{1}, size_t{1000}, size_t{300'000}}) {
    EXPECT_EQ(gunzip(gzip(random_bytes(size)), "z", kPlenty), random_bytes(size));
    EXPECT_EQ(gunzip(gzip(Bytes(size, 7)), "z", kPlenty), Bytes(size, 7));
  }
}

TEST(Gzip, IsToldByItsMagic) {
  EXPECT_TRUE(is_gzip(gzip(Bytes{1, 2, 3})));
  EXPECT_FALSE(is_gzip(Bytes{0x1f}));
  EXPECT_FALSE(is_gzip({}));
}

TEST(Gzip, EveryTruncationIsRefused) {
  const Bytes zipped = gzip(random_bytes(100));
  for (size_t size = 0; size < zipped.size(); ++size) {
    EXPECT_ERROR(gunzip(std::span(zipped).first(size), "z.gz", kPlenty), ErrorKind::kInput,
                 "z.gz: ");
  }
}

TEST(Gzip, EveryFlippedBitOfDataAndTrailerIsRefused) {
  const Bytes zipped = gzip(random_bytes(60));
  for (size_t bit = 10 * 8; bit < zipped.size() * 8; ++bit) {
    Bytes flipped = zipped;
    flipped[bit / 8] ^= uint8_t(1 << bit % 8);
    EXPECT_ERROR(gunzip(flipped, "z.gz", kPlenty), ErrorKind::kInput, "z.gz: ");
  }
}

TEST(Gzip, MembersAreJoined) {
  Bytes zipped = gzip(random_bytes(5000));
  const Bytes more = gzip(Bytes(70'000, 3)), none = gzip({});
  zipped.insert(zipped.end(), more.begin(), more.end());
  zipped.insert(zipped.end(), none.begin(), none.end());
  Bytes expected = random_bytes(5000);
  expected.resize(75'000, 3);
  EXPECT_EQ(gunzip(zipped, "z", kPlenty), expected);
  EXPECT_EQ(gunzip(zipped, "z", 75'000), expected);
}

TEST(Gzip, GarbageBehindAMemberIsRefused) {
  Bytes zipped = gzip(Bytes(100, 1));
  zipped.push_back(0);
  EXPECT_ERROR(gunzip(zipped, "z.gz", kPlenty), ErrorKind::kInput, "z.gz", "gzip");
}

TEST(Gzip, MoreThanAllowedIsRefusedToTheByte) {
  const Bytes zipped = gzip(Bytes(1000, 1));
  EXPECT_EQ(gunzip(zipped, "z", 1000).size(), 1000u);
  EXPECT_ERROR(gunzip(zipped, "z.gz", 999), ErrorKind::kInput, "z.gz", "at most 999 bytes");
  Bytes twice = zipped;
  twice.insert(twice.end(), zipped.begin(), zipped.end());
  EXPECT_EQ(gunzip(twice, "z", 2000).size(), 2000u);
  EXPECT_ERROR(gunzip(twice, "z.gz", 1999), ErrorKind::kInput, "at most 1999 bytes");
}

TEST(Gzip, LyingSizesAreRefusedWithoutBeingBelieved) {
  for (uint32_t claim : {0u, 1u, 999u, 1001u, 0xffffffffu}) {
    Bytes zipped = gzip(Bytes(1000, 1));
    set_claimed_size(zipped, claim);
    EXPECT_ERROR(gunzip(zipped, "z.gz", kPlenty), ErrorKind::kInput, "z.gz", "corrupt");
  }
}

}  // namespace
}  // namespace inkling

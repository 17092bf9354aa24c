#include "sys/hash.h"

#include <gtest/gtest.h>

#include <string>

namespace inkling {
namespace {

// FIPS 180-4, NIST's examples.
TEST(Sha256, AgreesWithKnownVectors) {
  EXPECT_EQ(sha256_hex("", 0), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_hex("abc", 3),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  const std::string million(1'000'000, 'a');
  EXPECT_EQ(sha256_hex(million.data(), million.size()),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, PiecesDoNotShow) {
  Sha256 hash;
  hash.update("a", 1);
  hash.update(nullptr, 0);
  hash.update("bc", 2);
  EXPECT_EQ(hash.hex(), sha256_hex("abc", 3));
}

// RFC 1321, appendix A.5.
TEST(Md5, AgreesWithKnownVectors) {
  EXPECT_EQ(md5_hex("", 0), "d41d8cd98f00b204e9800998ecf8427e");
  EXPECT_EQ(md5_hex("message digest", 14), "f96b697d7cb7938d525a2f31aaf161d0");
}

// As `git hash-object` says.
TEST(GitBlob, IsTheNameGitGives) {
  EXPECT_EQ(git_blob_hex("hello\n", 6), "ce013625030ba8dba906f756967f9e9ca394464a");
  EXPECT_EQ(git_blob_hex("", 0), "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
}

}  // namespace
}  // namespace inkling

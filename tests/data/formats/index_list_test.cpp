#include "data/formats/index_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/expect_error.h"
#include "support/temporary_folder.h"
#include "sys/file.h"

namespace inkling {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class IndexList : public testing::Test {
 protected:
  std::vector<uint32_t> read(const std::string& text) const {
    write_file(folder_ / "list.txt", text);
    return read_index_list(folder_ / "list.txt", 100);
  }
  TemporaryFolder folder_;
};

TEST_F(IndexList, OneIndexALineWithComments) {
  EXPECT_THAT(read("# why\n7\n\n 99 # the last\n\t0\r\n5"), ElementsAre(7, 99, 0, 5));
  EXPECT_THAT(read("# nothing\n"), IsEmpty());
  EXPECT_THAT(read(""), IsEmpty());
}

TEST_F(IndexList, WhatIsNoIndexIsRefusedByFileAndLine) {
  for (const char* bad :
       {"seven", "7 8", "7,8", "1.5", "-1", "-0", "100", "99999999999999999999"}) {
    EXPECT_ERROR(read(std::string("3\n# x\n") + bad + "\n"), ErrorKind::kInput,
                 "list.txt:3: ", "0 to 99", (std::string("found \"") + bad + "\"").c_str());
  }
  EXPECT_ERROR(read(std::string("a\0\x1b[2J", 6)), ErrorKind::kInput, "found \"a??[2J\"");
  EXPECT_ERROR(read(std::string(100'000, 'x')), ErrorKind::kInput, "xxx\"...");
}

TEST_F(IndexList, AnIndexTwiceIsRefusedNamingBothLines) {
  EXPECT_ERROR(read("7\n8\n7\n"), ErrorKind::kInput, "list.txt:3: ", "once",
               "found 7 of line 1 again");
}

TEST_F(IndexList, MissingFileIsNamed) {
  EXPECT_ERROR(read_index_list(folder_ / "none.txt", 100), ErrorKind::kInput, "none.txt");
}

}  // namespace
}  // namespace inkling

#include "data/formats/class_names.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/expect_error.h"
#include "support/temporary_folder.h"
#include "sys/file.h"

namespace inkling {
namespace {

class ClassNames : public testing::Test {
 protected:
  std::vector<std::string> read(const std::string& text) const {
    write_file(folder_ / "classes.txt", text);
    return read_class_names(folder_ / "classes.txt");
  }
  TemporaryFolder folder_;
};

TEST_F(ClassNames, OneNameALine) {
  EXPECT_THAT(read("cat\nbig dog\nお\n"), testing::ElementsAre("cat", "big dog", "お"));
  EXPECT_THAT(read("cat\ndog"), testing::ElementsAre("cat", "dog"));
  EXPECT_THAT(read("cat\r\ndog\r\n"), testing::ElementsAre("cat", "dog"));
}

TEST_F(ClassNames, BadLineIsNamed) {
  EXPECT_ERROR(read("cat\n\ndog\n"), ErrorKind::kInput, "classes.txt:2: ", "empty line");
  EXPECT_ERROR(read("cat\ndog\ncat\n"), ErrorKind::kInput, "classes.txt:3: ", "line 1 again");
  EXPECT_ERROR(read("cat\nd\x1b[2Jog\n"), ErrorKind::kInput, "classes.txt:2: ", "control");
  EXPECT_ERROR(read(std::string("a\0b", 3)), ErrorKind::kInput, "classes.txt:1: ", "control");
  EXPECT_ERROR(read("cat\nd\xffog\n"), ErrorKind::kInput, "classes.txt:2: ", "UTF-8");
  EXPECT_EQ(read(std::string(200, 'x')).size(), 1u);
  EXPECT_ERROR(read(std::string(201, 'x')), ErrorKind::kInput, "classes.txt:1: ", "found 201");
}

TEST_F(ClassNames, NumberOfNamesIsLimited) {
  std::string most;
  for (int c = 0; c < kMaxClasses; ++c) most += std::to_string(c) + "\n";
  EXPECT_EQ(read(most).size(), 256u);
  EXPECT_ERROR(read(most + "256\n"), ErrorKind::kInput, "1 to 256 class names, found 257");
  EXPECT_ERROR(read(""), ErrorKind::kInput, "found 0");
  EXPECT_ERROR(read(std::string(1 << 20, 'x')), ErrorKind::kInput, "classes.txt");
}

}  // namespace
}  // namespace inkling

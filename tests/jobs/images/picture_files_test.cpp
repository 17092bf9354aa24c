#include "jobs/images/picture_files.h"

#include <gtest/gtest.h>

#include "support/expect_error.h"
#include "support/temporary_folder.h"
#include "sys/file.h"

namespace inkling {
namespace {

class PictureFiles : public testing::Test {
 protected:
  PictureFiles() {
    make_folder(folder_ / "scans" / "more");
    make_folder(folder_ / "scans" / ".hidden");
    for (const char* name :
         {"b.png", "a.JPG", "notes.txt", ".c.png", "more/d.webp", ".hidden/e.png"})
      write_file(folder_ / "scans" / name, std::string_view("x"));
  }
  std::string at(const char* name) const { return (folder_ / "scans" / name).string(); }
  std::vector<std::string> files(std::vector<std::string> names) { return picture_files(names); }

  TemporaryFolder folder_;
};

TEST_F(PictureFiles, AFolderGivesItsPicturesInOrder) {
  EXPECT_EQ(files({at("")}),
            (std::vector<std::string>{at("a.JPG"), at("b.png"), at("more/d.webp")}));
}

TEST_F(PictureFiles, APatternGivesWhatItMatches) {
  EXPECT_EQ(files({at("*.png")}), (std::vector<std::string>{at("b.png")}));
  EXPECT_EQ(files({at("*.gif")}), (std::vector<std::string>{at("*.gif")}));
}

TEST_F(PictureFiles, AFileWhoseNameLooksLikeAPatternIsThatFile) {
  write_file(folder_ / "scans" / "a[1].png", std::string_view("x"));
  EXPECT_EQ(files({at("a[1].png")}), (std::vector<std::string>{at("a[1].png")}));
}

TEST_F(PictureFiles, AMissingFileIsLeftToWhoReadsIt) {
  EXPECT_EQ(files({"none.png", "-"}), (std::vector<std::string>{"none.png", "-"}));
}

TEST_F(PictureFiles, ReadingAFolderWithoutPicturesIsAnError) {
  make_folder(folder_ / "empty");
  const std::string empty = (folder_ / "empty").string();
  EXPECT_EQ(files({empty}), (std::vector<std::string>{empty}));
  EXPECT_ERROR(read_picture_or_input(empty), ErrorKind::kInput, "empty", "found none");
}

}  // namespace
}  // namespace inkling

#include "data/sources/picture_folder.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "data/formats/picture.h"
#include "support/expect_error.h"
#include "support/temporary_folder.h"
#include "sys/file.h"

namespace inkling {
namespace {

using testing::ElementsAre;

class PictureFolder : public testing::Test {
 protected:
  // A picture of one grey value.
  void put(const std::string& name, uint8_t value, int height = 2, int width = 3,
           int channels = 1) const {
    make_folder((folder_ / name).parent_path());
    const auto size = static_cast<size_t>(height * width * channels);
    write_file(folder_ / name, encode_png({.width = width,
                                           .height = height,
                                           .channels = channels,
                                           .had_alpha = false,
                                           .pixels = std::vector<uint8_t>(size, value)}));
  }
  Dataset read(const PictureFolderOptions& options = {}) const {
    return read_picture_folder(folder_.path(), options);
  }
  // The first byte of each image.
  static std::vector<int> marks(const Dataset& dataset) {
    std::vector<int> values;
    for (size_t i = 0; i < dataset.size(); ++i) values.push_back(dataset.image(i)[0]);
    return values;
  }

  TemporaryFolder folder_;
};

TEST_F(PictureFolder, SubfoldersAreTheClasses) {
  put("cat/b.png", 2);
  put("cat/a.png", 1);
  put("ant/z.png", 3);
  const Dataset dataset = read();
  EXPECT_EQ(dataset.name, folder_.path());
  EXPECT_EQ(dataset.classes, 2);
  EXPECT_THAT(dataset.class_names, ElementsAre("ant", "cat"));
  EXPECT_THAT(dataset.labels, ElementsAre(0, 1, 1));
  EXPECT_THAT(marks(dataset), ElementsAre(3, 1, 2));
  EXPECT_EQ(dataset.height, 2);
  EXPECT_EQ(dataset.width, 3);
  EXPECT_EQ(dataset.channels, 1);
  EXPECT_EQ(dataset.bytes().size(), 18u);
}

TEST_F(PictureFolder, ACallerMaySayWhatIsMadeOfAPicture) {
  put("a/1.png", 7, 5, 9);
  put("a/2.png", 0, 4, 4);
  const auto form = [](const Picture& picture) -> std::optional<Picture> {
    if (picture.pixels[0] == 0) return std::nullopt;
    return Picture{.width = 1, .height = 2, .channels = 1, .pixels = {picture.pixels[0], 1}};
  };
  EXPECT_ERROR(read({.form = form}), ErrorKind::kInput, "a/2.png", "found a blank one");
  put("a/2.png", 8, 4, 4);
  const Dataset dataset = read({.form = form});
  EXPECT_EQ(dataset.height, 2);
  EXPECT_THAT(marks(dataset), ElementsAre(7, 8));
}

TEST_F(PictureFolder, StopsBeforeThePictureAtWhichTheCallerSaysSo) {
  put("cat/a.png", 1);
  put("cat/b.png", 2);
  write_file(folder_ / "cat" / "c.png", "not reached");
  int asked = 0;
  EXPECT_ERROR(read_picture_folder(folder_.path(), {}, [&] { return ++asked == 3; }),
               ErrorKind::kInterrupted, "reading pictures");
  EXPECT_EQ(asked, 3);
}

TEST_F(PictureFolder, ClassNameThatIsNoTextIsRefused) {
  put("cat/a.png", 1);
  put("d\xffg/a.png", 1);
  EXPECT_ERROR(read(), ErrorKind::kInput, "d\xffg", "UTF-8");
}

TEST_F(PictureFolder, NumbersAreOrderedAsNumbers) {
  for (const char* name : {"10/a.png", "9/a.png", "-1/a.png"}) put(name, 1);
  EXPECT_THAT(read().class_names, ElementsAre("-1", "9", "10"));
  put("x/a.png", 1);
  EXPECT_THAT(read().class_names, ElementsAre("-1", "10", "9", "x"));
}

TEST_F(PictureFolder, HiddenFilesAndFilesBesideTheClassesArePassedOver) {
  put("a/1.png", 1);
  put("b/1.png", 2);
  put(".git/1.png", 3);
  write_file(folder_ / "a" / ".DS_Store", "x");
  write_file(folder_ / "README.txt", "x");
  EXPECT_THAT(marks(read()), ElementsAre(1, 2));
}

TEST_F(PictureFolder, ColourBecomesGreyOrGreyColour) {
  put("a/1.png", 7, 2, 3, 3);
  put("b/1.png", 9, 2, 3, 1);
  EXPECT_EQ(read().bytes().size(), 12u);
  const Dataset colour = read({.channels = 3});
  EXPECT_EQ(colour.channels, 3);
  EXPECT_EQ(colour.bytes().size(), 36u);
  EXPECT_THAT(marks(colour), ElementsAre(7, 9));
}

TEST_F(PictureFolder, EverySizeIsBroughtToTheOneAskedFor) {
  put("a/1.png", 7, 100, 3);
  put("b/1.png", 9, 1, 1);
  const Dataset dataset = read({.height = 28, .width = 20});
  EXPECT_EQ(dataset.height, 28);
  EXPECT_EQ(dataset.width, 20);
  EXPECT_EQ(dataset.bytes().size(), 2u * 28 * 20);
  EXPECT_THAT(marks(dataset), ElementsAre(7, 9));
}

TEST_F(PictureFolder, OtherSizeWithoutOneAskedForNamesBothFiles) {
  put("a/1.png", 7, 2, 3);
  put("b/1.png", 9, 3, 2);
  EXPECT_ERROR(read(), ErrorKind::kInput, "b/1.png: ", "a/1.png", "2x3", "3x2", "of one size");
}

TEST_F(PictureFolder, ClassesOfAModelKeepTheirNumbers) {
  put("cat/1.png", 1);
  put("ant/1.png", 2);
  const Dataset dataset = read({.class_names = {"cat", "bee", "ant"}});
  EXPECT_EQ(dataset.classes, 3);
  EXPECT_THAT(dataset.labels, ElementsAre(0, 2));
  EXPECT_ERROR(read({.class_names = {"cat", "bee"}}), ErrorKind::kInput, "/ant: ", "\"cat\"");
}

TEST_F(PictureFolder, FileThatIsNoPictureIsNamed) {
  put("a/1.png", 1);
  write_file(folder_ / "a" / "notes.txt", "hello");
  EXPECT_ERROR(read(), ErrorKind::kInput, "a/notes.txt: ");
}

TEST_F(PictureFolder, FolderInAClassIsNamed) {
  put("a/1.png", 1);
  put("a/more/1.png", 1);
  EXPECT_ERROR(read(), ErrorKind::kInput, "a/more: ", "found a folder");
}

TEST_F(PictureFolder, ClassWithoutPicturesIsNamed) {
  put("a/1.png", 1);
  make_folder(folder_ / "b");
  EXPECT_ERROR(read(), ErrorKind::kInput, "/b: ", "found none");
}

TEST_F(PictureFolder, FolderWithoutSubfoldersIsRefused) {
  put("1.png", 1);
  EXPECT_ERROR(read(), ErrorKind::kInput, folder_.path().c_str(), "1 to 256 subfolders", "found 0");
  EXPECT_ERROR(read_picture_folder(folder_ / "none"), ErrorKind::kInput, "none", "No such file");
  EXPECT_ERROR(read_picture_folder(folder_ / "1.png"), ErrorKind::kInput, "Not a directory");
}

TEST_F(PictureFolder, MoreClassesThanLabelsCanCountAreRefused) {
  for (int c = 0; c < 257; ++c) make_folder(folder_ / fmt::format("c{}", c));
  EXPECT_ERROR(read(), ErrorKind::kInput, "found 257");
}

}  // namespace
}  // namespace inkling

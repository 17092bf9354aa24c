#include "data/sources/sources.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "data/formats/idx.h"
#include "support/environment.h"
#include "support/expect_error.h"
#include "support/temporary_folder.h"
#include "sys/file.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;

// Every test runs in an empty folder of its own, with an empty cache and no INKLING_DATA.
class DataSources : public testing::Test {
 protected:
  DataSources()
      : back_(fs::current_path()),
        no_data_("INKLING_DATA", nullptr),
        cache_("XDG_CACHE_HOME", (folder_ / "cache").c_str()) {
    fs::create_directory(folder_ / "here");
    fs::current_path(folder_ / "here");
  }
  ~DataSources() override { fs::current_path(back_); }

  // One image in each split; its only pixel marks where it came from.
  static void put_dataset(const fs::path& folder, uint8_t mark, uint8_t train_label = 0,
                          const char* suffix = "") {
    fs::create_directories(folder);
    const IdxImages images{.count = 1, .height = 1, .width = 1, .channels = 1, .pixels = {mark}};
    for (const char* split : {"train", "t10k"}) {
      const std::string stem = folder / split;
      write_idx_images(stem + "-images-idx3-ubyte" + suffix, images);
      write_idx_labels(stem + "-labels-idx1-ubyte" + suffix,
                       std::vector<uint8_t>{split[1] == 'r' ? train_label : uint8_t{0}});
    }
  }

  TemporaryFolder folder_;
  fs::path back_;
  EnvironmentVariable no_data_, cache_;
};

TEST_F(DataSources, CacheAnswersWhenNothingElseDoes) {
  put_dataset(folder_ / "cache" / "inkling" / "mnist", 4);
  EXPECT_EQ(find_dataset("mnist"), folder_ / "cache" / "inkling" / "mnist");
}

TEST_F(DataSources, CheckoutGoesBeforeCache) {
  put_dataset(folder_ / "cache" / "inkling" / "mnist", 4);
  put_dataset("data/mnist", 3);
  EXPECT_EQ(load_dataset("mnist", Split::kTrain).bytes()[0], 3);
}

TEST_F(DataSources, VariableGoesBeforeCheckout) {
  put_dataset("data/mnist", 3);
  put_dataset(folder_ / "named" / "mnist", 2);
  const EnvironmentVariable named("INKLING_DATA", (folder_ / "named").c_str());
  EXPECT_EQ(load_dataset("mnist", Split::kTrain).bytes()[0], 2);
}

TEST_F(DataSources, VariableWithoutTheDatasetLetsTheNextPlaceAnswer) {
  put_dataset("data/mnist", 3);
  put_dataset(folder_ / "named" / "kmnist", 2);
  const EnvironmentVariable named("INKLING_DATA", (folder_ / "named").c_str());
  EXPECT_EQ(load_dataset("mnist", Split::kTrain).bytes()[0], 3);
}

TEST_F(DataSources, DataDirIsTheOnlyPlaceWhenGiven) {
  put_dataset("data/mnist", 3);
  put_dataset(folder_ / "given" / "kmnist", 1);
  EXPECT_EQ(load_dataset("kmnist", Split::kTrain, folder_ / "given").bytes()[0], 1);
  EXPECT_EQ(find_dataset("mnist", folder_ / "given"), std::nullopt);
  EXPECT_ERROR(load_dataset("mnist", Split::kTrain, folder_ / "given"), ErrorKind::kInput,
               "given/mnist", "--data-dir");
}

TEST_F(DataSources, GzippedFilesAreFound) {
  put_dataset("data/mnist", 9, 0, ".gz");
  EXPECT_EQ(load_dataset("mnist", Split::kTest).bytes()[0], 9);
}

TEST_F(DataSources, MissingDatasetNamesPlacesAndRemedy) {
  const EnvironmentVariable named("INKLING_DATA", folder_.path().c_str());
  EXPECT_ERROR(load_dataset("mnist", Split::kTrain), ErrorKind::kInput, "dataset mnist",
               "$INKLING_DATA", "data/mnist", "cache/inkling/mnist", "train-images-idx3-ubyte",
               "train-labels-idx1-ubyte", "--data-dir");
}

TEST_F(DataSources, IncompleteDatasetNamesTheMissingFile) {
  put_dataset("data/mnist", 3);
  fs::remove("data/mnist/t10k-labels-idx1-ubyte");
  EXPECT_NO_THROW(load_dataset("mnist", Split::kTrain));
  EXPECT_ERROR(load_dataset("mnist", Split::kTest), ErrorKind::kInput, "data/mnist",
               "t10k-labels-idx1-ubyte");
}

TEST_F(DataSources, FilesAreNeverMixedFromTwoPlaces) {
  put_dataset("data/mnist", 3);
  put_dataset(folder_ / "cache" / "inkling" / "mnist", 4);
  fs::remove("data/mnist/t10k-images-idx3-ubyte");
  EXPECT_ERROR(load_dataset("mnist", Split::kTest), ErrorKind::kInput, "t10k-images-idx3-ubyte");
}

TEST_F(DataSources, TrainingSplitNeverOpensTestFiles) {
  put_dataset("data/mnist", 3);
  put_dataset("data/mine", 3);
  for (const char* name : {"mnist", "mine"}) {
    for (const char* file : {"t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"}) {
      // Reading a named pipe that nobody writes to would hang for ever.
      const fs::path path = fs::path("data") / name / file;
      fs::remove(path);
      ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
    }
    EXPECT_EQ(load_dataset(name, Split::kTrain).bytes()[0], 3);
  }
}

TEST_F(DataSources, DataDirThatIsNoFolderIsRefused) {
  EXPECT_ERROR(data_places("nowhere"), ErrorKind::kInput, "--data-dir nowhere", "No such file");
  write_file("file", "x");
  EXPECT_ERROR(data_places("file"), ErrorKind::kInput, "--data-dir file", "found a file");
}

TEST_F(DataSources, VariableThatIsNoFolderIsRefused) {
  const EnvironmentVariable named("INKLING_DATA", "nowhere");
  EXPECT_ERROR(find_dataset("mnist"), ErrorKind::kInput, "$INKLING_DATA nowhere");
  EXPECT_NO_THROW(find_dataset("mnist", folder_.path()));  // not asked then
}

TEST_F(DataSources, EmptyVariableCountsAsUnset) {
  const EnvironmentVariable named("INKLING_DATA", "");
  EXPECT_EQ(find_dataset("mnist"), std::nullopt);
}

TEST_F(DataSources, UnreadableFolderIsRefused) {
  if (::geteuid() == 0) GTEST_SKIP() << "root reads every folder";
  fs::create_directory("locked");
  fs::permissions("locked", fs::perms::none);
  EXPECT_ERROR(data_places("locked"), ErrorKind::kInput, "cannot read the folder", "denied");
}

TEST_F(DataSources, PathInsteadOfANameIsAUsageError) {
  for (const char* name : {"", ".", "..", "a/b", "/data/mnist"}) {
    EXPECT_ERROR(find_dataset(name), ErrorKind::kUsage, "--data-dir");
    EXPECT_ERROR(load_dataset(name, Split::kTrain), ErrorKind::kUsage, "--data-dir");
  }
}

TEST_F(DataSources, KnownDatasetsBringTheirClasses) {
  put_dataset("data/fashion-mnist", 3);
  const Dataset fashion = load_dataset("fashion-mnist", Split::kTrain);
  EXPECT_EQ(fashion.classes, 10);
  EXPECT_EQ(fashion.class_names[9], "Ankle boot");
  for (const KnownDataset& known : known_datasets()) EXPECT_EQ(known.class_names.size(), 10u);
  EXPECT_EQ(find_known_dataset("no-such"), nullptr);
}

TEST_F(DataSources, KnownDatasetWithALabelTooLargeIsRefused) {
  put_dataset("data/mnist", 3, 10);
  EXPECT_ERROR(load_dataset("mnist", Split::kTrain), ErrorKind::kInput, "found 10");
}

TEST_F(DataSources, UnknownDatasetHasTheClassesOfItsTrainingLabelsInBothSplits) {
  put_dataset("data/mine", 3, 6);
  EXPECT_EQ(load_dataset("mine", Split::kTrain).classes, 7);
  EXPECT_EQ(load_dataset("mine", Split::kTest).classes, 7);
}

TEST_F(DataSources, ClassesFileNamesTheClassesOfBothSplits) {
  put_dataset("data/mine", 3, 1);
  write_file("data/mine/classes.txt", "ant\nbee\ncat\n");
  for (const Split split : {Split::kTrain, Split::kTest}) {
    const Dataset dataset = load_dataset("mine", split);
    EXPECT_EQ(dataset.classes, 3);
    EXPECT_THAT(dataset.class_names, testing::ElementsAre("ant", "bee", "cat"));
  }
}

TEST_F(DataSources, ClassesFileWithFewerNamesThanLabelsIsRefused) {
  put_dataset("data/mine", 3, 3);
  write_file("data/mine/classes.txt", "ant\nbee\ncat\n");
  EXPECT_ERROR(load_dataset("mine", Split::kTrain), ErrorKind::kInput, "from 0 to 2, found 3");
}

TEST_F(DataSources, ClassesFileOfAKnownDatasetMustFitIt) {
  put_dataset("data/mnist", 3);
  write_file("data/mnist/classes.txt", "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n");
  EXPECT_EQ(load_dataset("mnist", Split::kTrain).class_names[9], "j");
  write_file("data/mnist/classes.txt", "a\nb\n");
  EXPECT_ERROR(load_dataset("mnist", Split::kTrain), ErrorKind::kInput, "data/mnist/classes.txt",
               "expected the 10 classes", "found 2");
}

TEST_F(DataSources, PairOfFilesTakesTheClassesBesideItsLabels) {
  put_dataset("pair", 3, 1);
  const fs::path images = "pair/train-images-idx3-ubyte", labels = "pair/train-labels-idx1-ubyte";
  EXPECT_THAT(load_idx_pair(images, labels).class_names, testing::ElementsAre("0", "1"));
  write_file("pair/classes.txt", "ant\nbee\ncat\n");
  const Dataset dataset = load_idx_pair(images, labels);
  EXPECT_THAT(dataset.class_names, testing::ElementsAre("ant", "bee", "cat"));
  EXPECT_EQ(dataset.name, images);
}

TEST_F(DataSources, DatasetIsMissingWhereFetchingWouldHelp) {
  EXPECT_TRUE(is_missing("mnist", Split::kTrain));
  put_dataset(folder_ / "cache" / "inkling" / "mnist", 4);
  EXPECT_FALSE(is_missing("mnist", Split::kTest));
  fs::remove(folder_ / "cache" / "inkling" / "mnist" / "t10k-labels-idx1-ubyte");
  EXPECT_TRUE(is_missing("mnist", Split::kTest));  // half fetched
  EXPECT_FALSE(is_missing("mnist", Split::kTrain));
  put_dataset("data/mnist", 3);
  fs::remove("data/mnist/t10k-labels-idx1-ubyte");
  EXPECT_FALSE(is_missing("mnist", Split::kTest));  // found first, and not ours to complete
}

TEST_F(DataSources, MissingEmnistIsExplained) {
  EXPECT_ERROR(load_dataset("emnist-letters", Split::kTrain), ErrorKind::kInput, "transposed",
               "Unpack it", "data/emnist-letters");
}

}  // namespace
}  // namespace inkling

#include "jobs/images/load_images.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "data/formats/picture.h"
#include "jobs/training/train_model.h"
#include "nn/architecture/zoo.h"
#include "recognize/find_digit.h"
#include "store/default_reader.h"
#include "support/digit_row.h"
#include "support/expect_error.h"
#include "support/job_test.h"
#include "sys/file.h"

namespace inkling {
namespace {

class LoadJob : public JobTest {};

TEST_F(LoadJob, WithoutADownloadTellsNothing) {
  const Dataset loaded = load_images({.dataset = "tiny", .data_dir = data_dir()}, Split::kTest,
                                     engine_.pool(), observer_);
  EXPECT_EQ(loaded.size(), size_t{kTestImages});
  EXPECT_EQ(observer_.finishes, 0);
  EXPECT_TRUE(observer_.notes.empty());
}

TEST_F(LoadJob, PicturesAreScaledToTheNetworkTheyAreFor) {
  for (const char* name : {"a", "b"}) {
    make_folder(folder_ / "pictures" / name);
    write_file(folder_ / "pictures" / name / "1.png",
               encode_png({.width = 14,
                           .height = 14,
                           .channels = 1,
                           .pixels = std::vector<uint8_t>(14 * 14, 90)}));
  }
  const ImageSource source{.pictures = (folder_ / "pictures").string()};
  const Dataset scaled =
      load_images(source, Split::kTrain, zoo_architecture("logistic"), engine_.pool(), observer_);
  EXPECT_EQ(scaled.height, 28);
  EXPECT_EQ(scaled.class_names, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(load_images(source, Split::kTrain, engine_.pool(), observer_).height, 14);
}

TEST_F(LoadJob, ACancelledObserverEndsTheReadingOfPictures) {
  make_folder(folder_ / "pictures" / "a");
  write_file(folder_ / "pictures" / "a" / "1.png",
             encode_png({.width = 1, .height = 1, .pixels = std::vector<uint8_t>{7}}));
  const ImageSource source{.pictures = (folder_ / "pictures").string()};
  EXPECT_EQ(load_images(source, Split::kTrain, engine_.pool(), observer_).bytes(),
            std::vector<uint8_t>{7});
  observer_.cancel = [] { return true; };
  EXPECT_ERROR(load_images(source, Split::kTrain, engine_.pool(), observer_),
               ErrorKind::kInterrupted, "reading pictures");
}

TEST_F(LoadJob, PicturesForAModelThatReadsInkAreTheirDigitsInItsForm) {
  make_folder(folder_ / "mine" / "7");
  Picture picture = row_of("7", 80);
  write_file(folder_ / "mine" / "7" / "1.png", encode_png(picture));
  const Dataset mine = load_images({.pictures = (folder_ / "mine").string()}, Split::kTrain,
                                   pictures_for(default_reader()), engine_.pool(), observer_);
  EXPECT_EQ(mine.classes, 11);
  EXPECT_EQ(mine.labels, (std::vector<uint8_t>{7}));
  EXPECT_TRUE(std::ranges::equal(mine.image(0), find_digit(picture)->pixels));
}

TEST_F(LoadJob, ATrainingThatBeginsWithAReaderOfInkReadsInkToo) {
  for (int digit = 0; digit < 3; ++digit) {
    const std::filesystem::path folder = folder_ / "mine" / std::to_string(digit);
    make_folder(folder);
    for (const int size : {60, 90}) {
      write_file(folder / (std::to_string(size) + ".png"),
                 encode_png(row_of(std::to_string(digit), size)));
    }
  }
  Recipe mine = recipe();
  mine.model = mine.init = "reader";
  mine.dataset.clear();
  mine.pictures = (folder_ / "mine").string();
  mine.val_fraction = 0;
  const Dataset pictures = training_images(
      mine, {.pictures = mine.pictures}, find_architecture(mine.model), engine_.pool(), observer_);
  const TrainOutcome outcome =
      train_run({.recipe = mine, .out = folder_ / "own"}, pictures, engine_, observer_);
  EXPECT_TRUE(outcome.model->reads_ink());
  EXPECT_TRUE(outcome.model->refuses());
  EXPECT_EQ(outcome.model->class_names, default_reader().class_names);
}

}  // namespace
}  // namespace inkling

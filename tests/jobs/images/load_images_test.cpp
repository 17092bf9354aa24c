#include "jobs/images/load_images.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "data/formats/picture.h"
#include "nn/architecture/zoo.h"
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

}  // namespace
}  // namespace inkling

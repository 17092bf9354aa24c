#include "jobs/reader/reader_images.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "data/formats/class_names.h"
#include "data/sources/sources.h"
#include "jobs/reader/scene.h"
#include "support/expect_error.h"
#include "support/job_test.h"

namespace inkling {
namespace {

class ReaderImages : public JobTest {
 protected:
  ReaderImages() {
    request_.dataset = "tiny";
    request_.data_dir = data_dir();
    request_.rows = 40;
    request_.others = 40;
    request_.out = folder_ / "scenes";
  }
  Dataset drawn() {
    result_ = draw_reader_images(request_, engine_, observer_);
    return load_idx_pair(request_.out / "train-images-idx3-ubyte",
                         request_.out / "train-labels-idx1-ubyte");
  }
  ReaderImagesRequest request_;
  ReaderImagesResult result_;
};

TEST_F(ReaderImages, HoldTheDatasetAndWhatTheSegmenterMakesOfScenes) {
  const Dataset images = drawn();
  EXPECT_EQ(images.classes, 11);
  EXPECT_EQ(images.class_names.back(), kRejectClass);
  EXPECT_EQ(images.size(), result_.digits + result_.refused);
  EXPECT_GT(result_.digits, size_t{3 * kTrainImages} + 40);
  EXPECT_GT(result_.refused, 40u);
  for (size_t i = 0; i < kTrainImages; ++i) {
    EXPECT_TRUE(std::ranges::equal(images.image(i), this->images(Split::kTrain).image(i)));
  }
}

TEST_F(ReaderImages, AreTheSameOnAnyNumberOfThreads) {
  const Dataset one = drawn();
  request_.out = folder_ / "again";
  Engine two({.threads = 2});
  draw_reader_images(request_, two, observer_);
  const Dataset again = load_idx_pair(request_.out / "train-images-idx3-ubyte",
                                      request_.out / "train-labels-idx1-ubyte");
  EXPECT_EQ(one.bytes(), again.bytes());
  EXPECT_EQ(one.labels, again.labels);
}

TEST_F(ReaderImages, LeaveOutWhatIsKeptBack) {
  request_.kept_back = 100;
  const Dataset images = drawn();
  const Dataset all = this->images(Split::kTrain);
  EXPECT_TRUE(std::ranges::equal(images.image(kTrainImages - 101), all.image(kTrainImages - 101)));
  EXPECT_FALSE(std::ranges::equal(images.image(kTrainImages - 100), all.image(kTrainImages - 100)));
}

TEST_F(ReaderImages, OfAnUnknownDatasetAreAnError) {
  request_.dataset = "nowhere";
  EXPECT_ERROR(drawn(), ErrorKind::kInput, "nowhere");
}

TEST(Scenes, InkOfEachDigitHasAnOwner) {
  const Dataset digits = synthesise_digits(100, 3);
  std::vector<uint32_t> all(100);
  for (uint32_t i = 0; i < 100; ++i) all[i] = i;
  Random random(4);
  for (int i = 0; i < 20; ++i) {
    const Scene scene = draw_row(digits, all, random);
    ASSERT_FALSE(scene.digits.empty());
    ASSERT_EQ(scene.owner.size(), scene.grey.pixels.size());
    std::vector<int> pixels(scene.digits.size());
    for (const int owner : scene.owner) {
      ASSERT_LT(owner, count_of(scene.digits));
      if (owner >= 0) ++at(pixels, owner);
    }
    for (const int n : pixels) EXPECT_GT(n, 10);
  }
}

}  // namespace
}  // namespace inkling

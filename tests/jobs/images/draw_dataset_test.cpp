#include "jobs/images/draw_dataset.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "data/sources/sources.h"
#include "support/expect_error.h"
#include "support/recording_observer.h"
#include "support/temporary_folder.h"

namespace inkling {
namespace {

class DrawJob : public testing::Test {
 protected:
  DrawRequest request() const { return {.count = 13, .threads = 1, .out = folder_ / "pen"}; }
  TemporaryFolder folder_;
  RecordingObserver observer_;
};

TEST_F(DrawJob, ResultCountsTheImagesWritten) {
  const DrawResult drawn = draw_dataset(request(), observer_);
  EXPECT_EQ(drawn.train_images, 13u);
  EXPECT_EQ(drawn.test_images, 2u);
  const std::string folder = folder_.path().string();
  EXPECT_EQ(load_dataset("pen", Split::kTrain, folder).size(), drawn.train_images);
  EXPECT_EQ(load_dataset("pen", Split::kTest, folder).size(), drawn.test_images);
}

TEST_F(DrawJob, CancelledWritesNoFurtherSplit) {
  observer_.cancel = [] { return true; };
  EXPECT_ERROR(draw_dataset(request(), observer_), ErrorKind::kInterrupted, "interrupted");
  EXPECT_EQ(folder_.entries(), 0);
  int asked = 0;
  observer_.cancel = [&] { return ++asked == 2; };
  EXPECT_ERROR(draw_dataset(request(), observer_), ErrorKind::kInterrupted, "interrupted");
  EXPECT_TRUE(std::filesystem::exists(folder_ / "pen/train-labels-idx1-ubyte"));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "pen/t10k-images-idx3-ubyte"));
}

}  // namespace
}  // namespace inkling

#include "jobs/reader/locator_images.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "recognize/locator.h"
#include "support/expect_error.h"
#include "support/job_test.h"

namespace inkling {
namespace {

class LocatorImages : public JobTest {
 protected:
  LocatorImages() {
    request_.dataset = "tiny";
    request_.data_dir = data_dir();
    request_.rows = 60;
    request_.out = folder_ / "windows";
  }
  Dataset drawn() {
    result_ = draw_locator_images(request_, engine_, observer_);
    return load_idx_pair(request_.out / "train-images-idx3-ubyte",
                         request_.out / "train-labels-idx1-ubyte");
  }
  LocatorImagesRequest request_;
  LocatorImagesResult result_;
};

TEST_F(LocatorImages, AreWindowsWithADigitInTheMiddleOrNone) {
  const Dataset images = drawn();
  EXPECT_EQ(images.height, kStripHeight);
  EXPECT_EQ(images.width, kStripHeight);
  EXPECT_EQ(images.classes, kLocatorClasses);
  EXPECT_EQ(images.class_names.back(), "between");
  EXPECT_EQ(images.size(), result_.digits + result_.between);
  EXPECT_GT(result_.digits, 60u);
  EXPECT_GT(result_.between, 60u);
  // In the middle third there is more ink of a digit than of what is between two.
  std::array<double, 2> ink{};
  for (size_t i = 0; i < images.size(); ++i) {
    const std::span<const uint8_t> window = images.image(i);
    double sum = 0;
    for (int y = 0; y < kStripHeight; ++y) {
      for (int x = 12; x < 20; ++x) sum += window[narrow<size_t>(y * kStripHeight + x)];
    }
    at(ink, images.labels[i] == kBetween) +=
        sum / static_cast<double>(images.labels[i] == kBetween ? result_.between : result_.digits);
  }
  EXPECT_GT(ink[0], 1.3 * ink[1]);
}

TEST_F(LocatorImages, AreTheSameOnAnyNumberOfThreads) {
  const Dataset one = drawn();
  request_.out = folder_ / "again";
  Engine two({.threads = 2});
  draw_locator_images(request_, two, observer_);
  const Dataset again = load_idx_pair(request_.out / "train-images-idx3-ubyte",
                                      request_.out / "train-labels-idx1-ubyte");
  EXPECT_EQ(one.bytes(), again.bytes());
  EXPECT_EQ(one.labels, again.labels);
}

TEST_F(LocatorImages, NeedAnImageToDrawFrom) {
  request_.kept_back = kTrainImages;
  EXPECT_ERROR(drawn(), ErrorKind::kUsage, "--kept-back");
}

}  // namespace
}  // namespace inkling

#include "jobs/images/predict_pictures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "data/formats/picture.h"
#include "support/expect_error.h"
#include "support/job_test.h"
#include "sys/file.h"

namespace inkling {
namespace {

using testing::HasSubstr;

class PredictJob : public JobTest {
 protected:
  PredictJob() {
    for (const char* name : {"a.png", "b.png"}) {
      write_file(folder_ / name, encode_png({.width = 28,
                                             .height = 28,
                                             .channels = 1,
                                             .pixels = std::vector<uint8_t>(28 * 28, 90)}));
    }
    request_ = {.model = train("run"),
                .pictures = {(folder_ / "a.png").string(), (folder_ / "none.png").string(),
                             (folder_ / "b.png").string()}};
  }
  void predict() {
    predict_pictures(request_, engine_, observer_,
                     [&](const PicturePrediction& prediction) { taken_.push_back(prediction); });
  }
  PredictRequest request_;
  std::vector<PicturePrediction> taken_;
};

TEST_F(PredictJob, APictureThatCannotBeReadIsAPredictionWithItsTrouble) {
  predict();
  ASSERT_EQ(taken_.size(), 3u);
  EXPECT_TRUE(taken_[0].is_read());
  EXPECT_THAT(taken_[1].trouble, HasSubstr("none.png"));
  EXPECT_TRUE(taken_[1].p.empty());
  EXPECT_EQ(taken_[2].p, taken_[0].p);  // the same pixels
  EXPECT_EQ(taken_[2].label, std::to_string(taken_[2].digit));
}

TEST_F(PredictJob, CancelledIsInterruptedAfterThePictureAtHand) {
  observer_.cancel = [&] { return taken_.size() == 1; };
  EXPECT_ERROR((predict(), 0), ErrorKind::kInterrupted, "interrupted");
  EXPECT_EQ(taken_.size(), 1u);
}

TEST_F(PredictJob, SeveralViewsAreAnotherPrediction) {
  request_.pictures.resize(1);
  predict();
  request_.views = ViewChoice::kSeveral;
  predict();
  EXPECT_NE(taken_[1].p, taken_[0].p);
  request_.views = ViewChoice::kOne;
  predict();
  EXPECT_EQ(taken_[2].p, taken_[0].p);
}

}  // namespace
}  // namespace inkling

#include "jobs/images/predict_pictures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

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
    const Dataset digits = images(Split::kTest);
    for (const char* name : {"a.png", "b.png"}) write(name, 28, digits.image(0));
    request_.model = train("run");
    request_.pictures = {(folder_ / "a.png").string(), (folder_ / "none.png").string(),
                         (folder_ / "b.png").string()};
  }
  void predict() {
    predict_pictures(request_, engine_, observer_, [&](const PicturePrediction& result) {
      files_.push_back(result.file);
      troubles_.push_back(result.trouble);
      taken_.push_back(result.prediction);
    });
  }
  // A grey square of these pixels.
  std::string write(const char* name, int side, std::span<const uint8_t> pixels) {
    write_file(folder_ / name, encode_png({.width = side,
                                           .height = side,
                                           .channels = 1,
                                           .pixels = {pixels.begin(), pixels.end()}}));
    return (folder_ / name).string();
  }
  PredictRequest request_;
  std::vector<std::string> files_, troubles_;
  std::vector<DigitPrediction> taken_;
};

TEST_F(PredictJob, APictureThatCannotBeReadIsAPredictionWithItsTrouble) {
  predict();
  ASSERT_EQ(taken_.size(), 3u);
  EXPECT_TRUE(taken_[0].is_read());
  EXPECT_THAT(troubles_[1], HasSubstr("none.png"));
  EXPECT_EQ(taken_[1].refusal, Refusal::kUnreadable);
  EXPECT_TRUE(taken_[1].probabilities.empty());
  EXPECT_EQ(taken_[2].probabilities, taken_[0].probabilities);  // the same pixels
  EXPECT_EQ(taken_[2].label, std::to_string(taken_[2].digit));
}

TEST_F(PredictJob, APictureInMnistsFormIsPredictedAsADatasetsImage) {
  request_.pictures.resize(1);
  predict();
  request_.form = InputForm::kTakeWhole;
  predict();
  EXPECT_EQ(taken_[1].probabilities, taken_[0].probabilities);
  EXPECT_TRUE(taken_[0].box);
  EXPECT_FALSE(taken_[1].box);
}

TEST_F(PredictJob, InkIsFoundInAPictureOfAnotherSizeAndPolarity) {
  const Dataset digits = images(Split::kTest);
  std::vector<uint8_t> paper(90 * 90, 250);
  for (size_t i = 0; i < 784; ++i) {
    paper[(i / 28 + 50) * 90 + i % 28 + 8] = static_cast<uint8_t>(250 - digits.image(0)[i] * 0.8);
  }
  request_.pictures = {request_.pictures[0], write("paper.png", 90, paper)};
  predict();
  ASSERT_TRUE(taken_[1].box);
  EXPECT_NEAR((taken_[1].box->left + taken_[1].box->right) / 2.0, 8 + 14, 4);
  EXPECT_NEAR((taken_[1].box->top + taken_[1].box->bottom) / 2.0, 50 + 14, 4);
}

TEST_F(PredictJob, ABlankPictureIsRefusedAndNotUnreadable) {
  request_.pictures = {write("blank.png", 60, std::vector<uint8_t>(3600, 240))};
  predict();
  EXPECT_EQ(taken_[0].refusal, Refusal::kBlank);
  EXPECT_EQ(troubles_[0], "");
  request_.form = InputForm::kTakeWhole;
  predict();
  EXPECT_TRUE(taken_[1].is_read());
}

TEST_F(PredictJob, AFolderIsPredictedInOrderOnAnyNumberOfThreads) {
  const Dataset digits = images(Split::kTest);
  for (size_t i = 0; i < kTestImages; ++i) {
    write(("more" + std::to_string(100 + i) + ".png").c_str(), 28, digits.image(i));
  }
  request_.pictures = {folder_.path().string()};
  predict();
  const std::vector<DigitPrediction> alone = taken_;
  ASSERT_EQ(alone.size(), size_t{kTestImages} + 2);
  EXPECT_TRUE(std::ranges::is_sorted(files_));
  taken_.clear();
  Engine two({.threads = 2});
  predict_pictures(request_, two, observer_,
                   [&](const PicturePrediction& result) { taken_.push_back(result.prediction); });
  ASSERT_EQ(taken_.size(), alone.size());
  for (size_t i = 0; i < alone.size(); ++i) {
    EXPECT_EQ(taken_[i].probabilities, alone[i].probabilities);
  }
}

TEST_F(PredictJob, TheDefaultReaderReadsWhereNoModelIsNamed) {
  request_.model.clear();
  request_.pictures.resize(1);
  predict();
  EXPECT_EQ(taken_[0].probabilities.size(), 10u);
  std::vector<PictureReading> readings;
  request_.pictures.push_back("none.png");
  read_pictures(request_, engine_, observer_,
                [&](const PictureReading& result) { readings.push_back(result); });
  ASSERT_EQ(readings.size(), 2u);
  EXPECT_TRUE(readings[0].reading.is_read());
  EXPECT_EQ(readings[1].reading.refusal, Refusal::kUnreadable);
  EXPECT_THAT(readings[1].trouble, HasSubstr("none.png"));
}

TEST_F(PredictJob, ShowsTheStepsOfEachPictureUnderItsName) {
  request_.show = folder_ / "steps";
  make_folder(folder_ / "other");
  std::filesystem::copy(folder_ / "a.png", folder_ / "other" / "a.png");
  request_.pictures.push_back((folder_ / "other" / "a.png").string());
  predict();
  ASSERT_EQ(taken_.size(), 4u);
  const std::vector<DigitPrediction> shown = taken_;
  for (const char* name : {"a-steps.png", "b-steps.svg", "a-2-steps.png"}) {
    EXPECT_TRUE(exists(std::filesystem::path("steps") / name)) << name;
  }
  EXPECT_FALSE(exists("steps/none-steps.png"));
  EXPECT_TRUE(observer_.warnings.empty());
  request_.show.clear();
  taken_.clear();
  predict();
  for (size_t i = 0; i < 4; ++i) EXPECT_EQ(taken_[i].probabilities, shown[i].probabilities);

  const PicturesRequest reading{.pictures = {request_.pictures[0]}, .show = folder_ / "read"};
  read_pictures(reading, engine_, observer_,
                [](const PictureReading& result) { EXPECT_TRUE(result.reading.is_read()); });
  EXPECT_TRUE(exists("read/a-steps.png"));
  EXPECT_TRUE(exists("read/a-digits.png"));
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
  EXPECT_NE(taken_[1].probabilities, taken_[0].probabilities);
  request_.views = ViewChoice::kOne;
  predict();
  EXPECT_EQ(taken_[2].probabilities, taken_[0].probabilities);
}

}  // namespace
}  // namespace inkling

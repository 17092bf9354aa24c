#include "jobs/images/inspect_dataset.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "support/drawn_dataset.h"
#include "support/expect_error.h"
#include "support/recording_observer.h"
#include "support/temporary_folder.h"

namespace inkling {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class InspectDataset : public testing::Test {
 protected:
  Inspection inspect(RecordingObserver& observer, bool suspects) {
    return inspect_dataset({.out = folder_ / "data", .suspects = suspects}, train_, test_, engine_,
                           observer);
  }
  TemporaryFolder folder_;
  Dataset train_ = drawn_dataset({.images = 120}), test_ = drawn_dataset({.images = 40, .seed = 2});
  Engine engine_{EngineOptions{.threads = 1}};
};

TEST_F(InspectDataset, TellsItsStagesInOrderAndHowFarTheLongOneIs) {
  RecordingObserver observer;
  const Inspection found = inspect(observer, true);
  EXPECT_THAT(observer.stages, ElementsAre(HasSubstr("every image"), HasSubstr("copies"),
                                           HasSubstr("wrong labels"), "drawing"));
  EXPECT_EQ(observer.finishes, 4);
  ASSERT_FALSE(observer.fractions.empty());
  EXPECT_TRUE(std::ranges::is_sorted(observer.fractions));
  EXPECT_DOUBLE_EQ(observer.fractions.back(), 1);
  EXPECT_EQ(observer.inspections, 1);
  EXPECT_TRUE(found.train.suspects.has_value());
  EXPECT_TRUE(std::filesystem::exists(folder_ / "data/inspect.json"));
}

TEST_F(InspectDataset, CancelledIsInterruptedAtTheNextStage) {
  RecordingObserver observer;
  observer.cancel = [&] { return observer.stages.size() == 2; };
  EXPECT_ERROR(inspect(observer, true), ErrorKind::kInterrupted, "interrupted");
  EXPECT_EQ(observer.stages.size(), 2u);
  EXPECT_EQ(observer.inspections, 0);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "data/inspect.json"));
}

TEST_F(InspectDataset, CancelledIsInterruptedWithinAStage) {
  RecordingObserver observer;
  observer.cancel = [&] { return observer.fractions.size() == 5; };
  EXPECT_ERROR(inspect(observer, true), ErrorKind::kInterrupted, "interrupted");
  EXPECT_EQ(observer.fractions.size(), 5u);
  EXPECT_EQ(observer.finishes, 3);  // the stage it was in too
}

}  // namespace
}  // namespace inkling

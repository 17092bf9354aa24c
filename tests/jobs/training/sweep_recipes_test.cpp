#include "jobs/training/sweep_recipes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/expect_error.h"
#include "support/job_test.h"

namespace inkling {
namespace {

using testing::ElementsAre;

class SweepJob : public JobTest {
 protected:
  SweepResult sweep(RecordingObserver& observer) {
    return sweep_recipes({.recipe = recipe(), .vary = {"lr=1e-3,1e-2"}, .out = folder_ / "sweep"},
                         {.dataset = "tiny", .data_dir = data_dir()}, engine_, observer);
  }
};

TEST_F(SweepJob, CancelledKeepsItsFinishedPointsAndTrainsTheRestLater) {
  observer_.cancel = [&] { return observer_.epochs.size() == 1; };  // in the second point
  EXPECT_ERROR(sweep(observer_), ErrorKind::kInterrupted, "lr=1e-2", "--resume continues");
  EXPECT_TRUE(exists("sweep/lr=1e-3/seeds.json"));
  EXPECT_FALSE(exists("sweep/sweep.json"));

  RecordingObserver again;
  const SweepResult result = sweep(again);
  EXPECT_THAT(again.notes, ElementsAre("lr=1e-3 (1 of 2)", "lr=1e-2 (2 of 2)",
                                       testing::HasSubstr("resuming after epoch 0 of 1")));
  EXPECT_EQ(again.epochs.size(), 1u);  // of the second point alone
  EXPECT_EQ(result.studies.size(), 2u);
  EXPECT_TRUE(exists("sweep/sweep.json"));
}

TEST_F(SweepJob, LoadsNothingForAGridThatIsInvalid) {
  EXPECT_ERROR(sweep_recipes({.recipe = recipe(), .vary = {"lr=x"}, .out = folder_ / "sweep"},
                             {.dataset = "not there"}, engine_, observer_),
               ErrorKind::kUsage, "--vary lr");
  EXPECT_FALSE(exists("sweep"));
}

}  // namespace
}  // namespace inkling

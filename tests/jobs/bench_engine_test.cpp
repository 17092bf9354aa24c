#include "jobs/bench_engine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/expect_error.h"
#include "support/recording_observer.h"

namespace inkling {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class BenchJob : public testing::Test {
 protected:
  BenchResult bench() {
    return bench_engine({.model = "logistic", .batch = 8, .seconds = 0.01}, engine_, observer_);
  }
  Engine engine_{EngineOptions{.threads = 2}};
  RecordingObserver observer_;
};

TEST_F(BenchJob, TellsAStageForEachMeasurement) {
  const BenchResult result = bench();
  EXPECT_THAT(observer_.stages,
              ElementsAre(HasSubstr("peak"), HasSubstr("training"), HasSubstr("inference"),
                          HasSubstr("1 thread"), HasSubstr("2 threads")));
  EXPECT_EQ(observer_.finishes, 5);
  for (const double measured :
       {result.peak_flops, result.training_step_s, result.training_flops, result.inference_s,
        result.one_core.median_s, result.all_cores.median_s}) {
    EXPECT_GT(measured, 0);
  }
  EXPECT_GE(result.one_core.p99_s, result.one_core.median_s);
}

TEST_F(BenchJob, CancelledIsInterruptedAtTheNextMeasurement) {
  observer_.cancel = [&] { return observer_.stages.size() == 2; };
  EXPECT_ERROR(bench(), ErrorKind::kInterrupted, "interrupted");
  EXPECT_EQ(observer_.stages.size(), 2u);
  EXPECT_EQ(observer_.finishes, 2);
}

}  // namespace
}  // namespace inkling

#include "jobs/evaluation/compare_models.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/environment.h"
#include "support/expect_error.h"
#include "support/job_test.h"

namespace inkling {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class CompareJob : public JobTest {
 protected:
  CompareRequest request() {
    return {.models = {train("a", 1), train("b", 1)},
            .images = {.data_dir = data_dir()},
            .split = "test",
            .out = folder_ / "out"};
  }
};

TEST_F(CompareJob, MissingFiguresAreAWarningBesideTheResult) {
  const EnvironmentVariable no_gnuplot("PATH", "/nowhere");
  const ComparedModels compared = compare_models(request(), engine_, observer_);
  EXPECT_THAT(observer_.warnings, ElementsAre(HasSubstr("gnuplot is not installed")));
  EXPECT_TRUE(exists("out/comparison.json"));
  EXPECT_EQ(compared.class_names.size(), 10u);
  ASSERT_EQ(compared.comparison.models.size(), 2u);
  EXPECT_EQ(compared.comparison.models[1].metrics.n, kTestImages);
  EXPECT_TRUE(compared.comparison.pairs[0].differing.empty());  // the same recipe and seed
}

TEST_F(CompareJob, CancelledIsInterruptedBetweenModels) {
  const CompareRequest both = request();
  for (const int question : {1, 2, 3, 4}) {  // before each evaluation, then before each measurement
    RecordingObserver cancelling;
    int asked = 0;
    cancelling.cancel = [&] { return ++asked == question; };
    EXPECT_ERROR(compare_models(both, engine_, cancelling), ErrorKind::kInterrupted, "interrupted");
    EXPECT_EQ(asked, question);
  }
  EXPECT_FALSE(exists("out"));
}

}  // namespace
}  // namespace inkling

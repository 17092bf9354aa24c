#include "jobs/evaluation/write_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/environment.h"
#include "support/expect_error.h"
#include "support/job_test.h"

namespace inkling {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class ReportJob : public JobTest {};

TEST_F(ReportJob, MissingFiguresAreAWarningAndThePageIsWritten) {
  const EnvironmentVariable no_gnuplot("PATH", "/nowhere");
  const ReportResult result =
      write_report({.run = train("run"), .data_dir = data_dir()}, engine_, observer_);
  EXPECT_THAT(observer_.warnings, ElementsAre(HasSubstr("gnuplot is not installed")));
  EXPECT_EQ(result.page, folder_ / "run/report.html");
  EXPECT_TRUE(exists("run/report.html"));
  EXPECT_EQ(result.split, "validation");
  EXPECT_EQ(result.evaluation.metrics.n, kTrainImages / 10);
  EXPECT_TRUE(result.evaluation.temperature);
}

TEST_F(ReportJob, CancelledWritesNoPage) {
  const std::string run = train("run");
  for (const int question : {1, 2, 3}) {
    RecordingObserver cancelling;
    int asked = 0;
    cancelling.cancel = [&] { return ++asked == question; };
    EXPECT_ERROR(write_report({.run = run, .data_dir = data_dir()}, engine_, cancelling),
                 ErrorKind::kInterrupted, "interrupted");
  }
  EXPECT_FALSE(exists("run/report.html"));
}

}  // namespace
}  // namespace inkling

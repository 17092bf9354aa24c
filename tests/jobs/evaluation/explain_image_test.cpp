#include "jobs/evaluation/explain_image.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "report/draw/gnuplot.h"
#include "support/environment.h"
#include "support/expect_error.h"
#include "support/job_test.h"

namespace inkling {
namespace {

using testing::StartsWith;

class ExplainJob : public JobTest {
 protected:
  ExplainRequest request() {
    return {.model = train("run"),
            .images = {.data_dir = data_dir()},
            .split = "test",
            .index = "7",
            .class_name = "3",
            .out = folder_ / "seven.png"};
  }
};

TEST_F(ExplainJob, ExplainsTheClassAskedForOfTheImageAskedFor) {
  if (!run_gnuplot("").empty()) GTEST_SKIP() << "needs gnuplot (Debian's package gnuplot-nox)";
  const ExplainResult result = explain_image(request(), engine_, observer_);
  EXPECT_EQ(result.explanation.explained, 3);
  EXPECT_EQ(result.subject, "tiny test 7");
  EXPECT_THAT(result.truth, StartsWith(", true label "));
  EXPECT_TRUE(exists("seven.png"));
  EXPECT_THAT(likeliest_text(result.explanation, result.class_names),
              StartsWith(std::to_string(result.explanation.predicted) + " "));
}

TEST_F(ExplainJob, WithoutItsFigureItFails) {
  const EnvironmentVariable no_gnuplot("PATH", "/nowhere");
  EXPECT_ERROR(explain_image(request(), engine_, observer_), ErrorKind::kSystem, "seven.png",
               "gnuplot is not installed");
  EXPECT_FALSE(exists("seven.png"));
}

TEST_F(ExplainJob, CancelledDrawsNothing) {
  cancel_at(1);
  EXPECT_ERROR(explain_image(request(), engine_, observer_), ErrorKind::kInterrupted,
               "interrupted");
  EXPECT_FALSE(exists("seven.png"));
}

}  // namespace
}  // namespace inkling

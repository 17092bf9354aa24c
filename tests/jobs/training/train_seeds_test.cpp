#include "jobs/training/train_seeds.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/expect_error.h"
#include "support/job_test.h"

namespace inkling {
namespace {

class SeedsJob : public JobTest {
 protected:
  TrainRequest first(uint64_t seed = 1) {
    return {.recipe = recipe(seed), .out = folder_ / "seeds", .resume = true};
  }
};

TEST_F(SeedsJob, FinishedRunsAreNeitherTrainedNorEvaluatedAgain) {
  const Dataset training = images(Split::kTrain), test = images(Split::kTest);
  const SeedsRequest request{.first = first(), .seeds = 2};
  const SeedStudy study = train_seeds(request, training, &test, engine_, observer_);
  ASSERT_TRUE(study.test);
  EXPECT_EQ(study.test->n, kTestImages);
  const auto written = [&] {
    return std::filesystem::last_write_time(folder_ / "seeds/seed-2/metrics-test.json");
  };
  const auto before = written();
  RecordingObserver again;
  const SeedStudy same = train_seeds(request, training, &test, engine_, again);
  EXPECT_TRUE(again.networks.empty());
  EXPECT_EQ(written(), before);
  EXPECT_EQ(same.runs[1].weights_sha256, study.runs[1].weights_sha256);
}

TEST_F(SeedsJob, SeedsBeyondTheLargestAreRefused) {
  EXPECT_ERROR(train_seeds({.first = first(INT64_MAX), .seeds = 2}, images(Split::kTrain), nullptr,
                           engine_, observer_),
               ErrorKind::kUsage, "--seed", "9223372036854775806");
  EXPECT_FALSE(exists("seeds"));
  EXPECT_NO_THROW(train_seeds({.first = first(INT64_MAX), .seeds = 1}, images(Split::kTrain),
                              nullptr, engine_, observer_));
}

}  // namespace
}  // namespace inkling

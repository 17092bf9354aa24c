#include "jobs/run_pipeline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/inotify.h>
#include <unistd.h>

#include <map>
#include <string>

#include "base/check.h"
#include "support/environment.h"
#include "support/expect_error.h"
#include "support/job_test.h"
#include "sys/file.h"

namespace inkling {
namespace {

// Counts how often each file of a folder is opened, by whatever thread.
class OpenedFiles {
 public:
  explicit OpenedFiles(const std::filesystem::path& folder)
      : inotify_(::inotify_init1(IN_NONBLOCK)) {
    INKLING_CHECK(::inotify_add_watch(inotify_, folder.c_str(), IN_OPEN) >= 0);
  }
  ~OpenedFiles() { ::close(inotify_); }
  OpenedFiles(const OpenedFiles&) = delete;
  OpenedFiles& operator=(const OpenedFiles&) = delete;

  std::map<std::string, int> counts() const {
    std::map<std::string, int> counts;
    alignas(inotify_event) char events[1 << 16];
    const ssize_t bytes = ::read(inotify_, events, sizeof(events));
    for (ssize_t i = 0; i < bytes;) {
      const auto* event = reinterpret_cast<const inotify_event*>(events + i);
      if ((event->mask & IN_ISDIR) == 0 && event->len > 0) ++counts[event->name];
      i += static_cast<ssize_t>(sizeof(inotify_event) + event->len);
    }
    return counts;
  }

 private:
  int inotify_;
};

class PipelineJob : public JobTest {
 protected:
  PipelineResult run() {
    const EnvironmentVariable no_gnuplot("PATH", "/nowhere");  // saves seconds
    return run_pipeline(
        {.dataset = "tiny", .data_dir = data_dir(), .out = folder_ / "out", .quick = true}, engine_,
        observer_);
  }
};

TEST_F(PipelineJob, OpensEachDataFileOnceAndEvaluatesEachModelOnce) {
  // Without it the classes are counted in the training labels, once for each split.
  write_file(folder_ / "tiny/classes.txt", "0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n");
  const OpenedFiles opened(folder_ / "tiny");
  const PipelineResult result = run();
  std::map<std::string, int> counts = opened.counts();
  for (const char* file : {"train-images-idx3-ubyte", "train-labels-idx1-ubyte",
                           "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"}) {
    EXPECT_EQ(counts[file], 1) << file;
  }
  EXPECT_EQ(observer_.inspections, 1);
  EXPECT_EQ(result.test_images, size_t{kTestImages});
  ASSERT_EQ(result.models.size(), 3u);
  // The report shows the evaluation that the comparison compares: two would differ in time.
  const Predictions& compared = result.comparison.models[result.best].predictions;
  EXPECT_EQ(result.report.evaluation.predictions.seconds, compared.seconds);
  EXPECT_EQ(result.report.evaluation.predictions.probabilities, compared.probabilities);
  for (const char* file : {"comparison.json", "data/inspect.json", "logistic/metrics-test.json"}) {
    EXPECT_TRUE(exists(std::filesystem::path("out") / file)) << file;
  }
}

TEST_F(PipelineJob, CancelledInATrainingIsInterruptedAndSavesIt) {
  observer_.cancel = [&] { return observer_.networks.size() == 2; };
  EXPECT_ERROR(run(), ErrorKind::kInterrupted, "what was learned is saved in", "out/logistic");
  EXPECT_TRUE(exists("out/logistic/model.safetensors"));
  EXPECT_FALSE(exists("out/cnn3"));
}

TEST_F(PipelineJob, CancelledInTheInspectionTrainsNothing) {
  observer_.cancel = [&] { return observer_.stages.size() == 1; };
  EXPECT_ERROR(run(), ErrorKind::kInterrupted, "interrupted");
  EXPECT_TRUE(observer_.networks.empty());
}

}  // namespace
}  // namespace inkling

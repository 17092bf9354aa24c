#include "jobs/evaluation/evaluate_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "data/formats/idx.h"
#include "jobs/evaluation/compare_models.h"
#include "support/drawn_dataset.h"
#include "support/expect_error.h"
#include "support/recording_observer.h"
#include "support/temporary_folder.h"
#include "support/training.h"
#include "sys/file.h"

namespace inkling {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// A run on the dataset "tiny", whose only files are those of its training split.
class EvaluateRun : public testing::Test {
 protected:
  EvaluateRun() {
    write_file(folder_ / "net.toml", kConvNet);
    make_folder(folder_ / "tiny");
    write_file(folder_ / "tiny/classes.txt", "0\n1\n2\n3\n");
    write_idx_images(images(), {.count = static_cast<int>(data_.size()),
                                .height = data_.height,
                                .width = data_.width,
                                .pixels = data_.bytes()});
    write_idx_labels(labels(), data_.labels);
    TrainRequest request;
    request.recipe.model = (folder_ / "net.toml").string();
    request.recipe.dataset = "tiny";
    request.recipe.epochs = 1;
    request.out = run();
    train_run(request, data_, engine_, observer_);
  }
  std::filesystem::path images() const { return folder_ / "tiny/train-images-idx3-ubyte"; }
  std::filesystem::path labels() const { return folder_ / "tiny/train-labels-idx1-ubyte"; }
  std::filesystem::path run() const { return folder_ / "run"; }

  TemporaryFolder folder_;
  Dataset data_ = drawn_dataset({.images = 200});
  Engine engine_{EngineOptions{.threads = 1}};
  RecordingObserver observer_;
};

TEST_F(EvaluateRun, WarnsWhereTheImagesForATemperatureCannotBeHad) {
  const EvaluateResult result =
      evaluate_run({.model = run().string(),
                    .images = {.images = images().string(), .labels = labels().string()}},
                   engine_, observer_);
  EXPECT_THAT(observer_.warnings, ElementsAre(HasSubstr("no temperature is fitted")));
  EXPECT_FALSE(result.evaluation.temperature);
  EXPECT_EQ(result.evaluation.metrics.n, 200);
}

TEST_F(EvaluateRun, FitsATemperatureWithoutAWordWhereTheyAreThere) {
  const EvaluateResult result = evaluate_run(
      {.model = run().string(), .images = {.data_dir = folder_.path().string()}, .split = "train"},
      engine_, observer_);
  EXPECT_TRUE(observer_.warnings.empty());
  EXPECT_TRUE(result.evaluation.temperature);
  EXPECT_EQ(result.network, "small");
}

TEST_F(EvaluateRun, CancelledIsInterruptedAndWritesNothing) {
  for (const int question : {1, 2}) {  // before the predictions, before the temperature
    int asked = 0;
    observer_.cancel = [&] { return ++asked == question; };
    EXPECT_ERROR(evaluate_run({.model = run().string(),
                               .images = {.data_dir = folder_.path().string()},
                               .split = "train",
                               .out = folder_ / "out"},
                              engine_, observer_),
                 ErrorKind::kInterrupted, "interrupted");
  }
  EXPECT_FALSE(std::filesystem::exists(folder_ / "out"));
}

TEST_F(EvaluateRun, ComparedIsWhatEvaluatedWas) {
  const EvaluateRequest request{.model = run().string(),
                                .images = {.data_dir = folder_.path().string()},
                                .split = "validation"};
  const EvaluateResult evaluated = evaluate_run(request, engine_, observer_);
  const ComparedModels compared = compare_models(
      {.models = {request.model, request.model}, .images = request.images, .split = request.split},
      engine_, observer_);
  ASSERT_EQ(compared.comparison.models.size(), 2u);
  EXPECT_EQ(compared.comparison.models[1].predictions.probabilities,
            evaluated.evaluation.predictions.probabilities);
  EXPECT_EQ(compared.comparison.models[1].metrics.loss, evaluated.evaluation.metrics.loss);
  EXPECT_TRUE(compared.comparison.models[1].train_seconds);
}

}  // namespace
}  // namespace inkling

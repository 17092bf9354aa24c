#include "jobs/training/train_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "jobs/training/train_model.h"
#include "jobs/training/train_seeds.h"
#include "support/drawn_dataset.h"
#include "support/expect_error.h"
#include "support/recording_observer.h"
#include "support/temporary_folder.h"
#include "support/training.h"
#include "sys/file.h"
#include "train/run/run_folder.h"

#include <nlohmann/json.hpp>

namespace inkling {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;

class TrainRun : public testing::Test {
 protected:
  TrainRun() { write_file(folder_ / "net.toml", kConvNet); }

  TrainRequest request(const char* out, int epochs) const {
    TrainRequest request;
    request.recipe.model = (folder_ / "net.toml").string();
    request.recipe.dataset = "drawn";
    request.recipe.epochs = epochs;
    request.recipe.batch = 32;
    request.out = folder_ / out;
    return request;
  }
  std::vector<uint8_t> weights(const char* run) const {
    return read_file(folder_ / run / "model.safetensors");
  }

  TemporaryFolder folder_;
  Dataset data_ = drawn_dataset({.images = 200});
  Engine engine_{EngineOptions{.threads = 1}};
  RecordingObserver observer_;
};

TEST_F(TrainRun, TellsEachStepAndEpoch) {
  const TrainOutcome outcome = train_run(request("a", 3), data_, engine_, observer_);
  EXPECT_EQ(observer_.epochs.size(), 3u);
  EXPECT_EQ(observer_.networks.size(), 3u * 6);  // 180 images in batches of 32
  EXPECT_THAT(observer_.networks, Each("small"));
  EXPECT_EQ(observer_.finishes, 1);
  EXPECT_EQ(observer_.epochs.back().val_loss, outcome.result.history.back().val_loss);
  ASSERT_TRUE(outcome.validation);
  EXPECT_EQ(outcome.validation->predictions.labels.size(), 20u);
}

TEST_F(TrainRun, CancelledKeepsItsEpochsAndResumesToTheSameBits) {
  train_run(request("whole", 4), data_, engine_, observer_);
  RecordingObserver cancelling;
  cancelling.cancel = [&] { return cancelling.epochs.size() == 2; };
  TrainRequest cut = request("cut", 4);
  const TrainOutcome outcome = train_run(cut, data_, engine_, cancelling);
  EXPECT_TRUE(outcome.result.interrupted);
  EXPECT_EQ(outcome.result.history.size(), 2u);
  EXPECT_EQ(RunFolder::state(cut.out), RunFolder::State::kUnfinished);

  cut.resume = true;
  RecordingObserver resumed;
  EXPECT_FALSE(train_run(cut, data_, engine_, resumed).result.interrupted);
  EXPECT_THAT(resumed.notes, ElementsAre(HasSubstr("resuming after epoch 2 of 4")));
  EXPECT_EQ(weights("cut"), weights("whole"));
}

TEST_F(TrainRun, AFailedTrainingIsFinishedToo) {
  TrainRequest diverging = request("a", 1);
  diverging.recipe.lr = 1e35;
  EXPECT_ERROR(train_run(diverging, data_, engine_, observer_), ErrorKind::kInput, "diverged");
  EXPECT_FALSE(observer_.networks.empty());
  EXPECT_EQ(observer_.finishes, 1);
}

TEST_F(TrainRun, StartingOverIsNoted) {
  observer_.cancel = [&] { return observer_.epochs.size() == 1; };
  train_run(request("a", 3), data_, engine_, observer_);
  EXPECT_TRUE(observer_.notes.empty());
  RecordingObserver second;
  train_run(request("a", 1), data_, engine_, second);
  EXPECT_THAT(second.notes, ElementsAre(HasSubstr("it starts over")));
}

TEST_F(TrainRun, FinishedRunIsNotTrainedAgain) {
  TrainRequest again = request("a", 1);
  train_run(again, data_, engine_, observer_);
  again.resume = true;
  RecordingObserver second;
  const TrainOutcome outcome = train_run(again, data_, engine_, second);
  EXPECT_TRUE(outcome.finished_before);
  EXPECT_TRUE(second.networks.empty());
  // Its model is then the one in the folder.
  const EvaluatedSplit tested = evaluate_on_test(again.out, outcome, data_, engine_);
  EXPECT_EQ(tested.predictions.labels.size(), data_.size());
  EXPECT_TRUE(was_evaluated_on_test(again.out));
}

TEST_F(TrainRun, CancelledSeedsAreInterruptedAndWriteNoStudy) {
  observer_.cancel = [&] { return observer_.epochs.size() == 3; };  // in the second seed's run
  EXPECT_ERROR(
      train_seeds({.first = request("s", 2), .seeds = 3}, data_, nullptr, engine_, observer_),
      ErrorKind::kInterrupted, "seed-2");
  EXPECT_FALSE(std::filesystem::exists(folder_ / "s/seeds.json"));
  EXPECT_TRUE(std::filesystem::exists(folder_ / "s/seed-1/metrics.json"));
}

TEST_F(TrainRun, RecipeToResumeIsTheFirstSeeds) {
  train_seeds({.first = request("s", 1), .seeds = 2}, data_, nullptr, engine_, observer_);
  EXPECT_EQ(recipe_of_run(folder_ / "s", 2), folder_ / "s/seed-1/recipe.toml");
  EXPECT_EQ(recipe_of_run(folder_ / "nothing", 1), "");
}

TEST(RejectClass, IsTheLastIfItIsCalledNotADigit) {
  const TemporaryFolder folder;
  Engine engine({.threads = 1});
  RecordingObserver observer;
  Dataset digits = drawn_dataset({.images = 60, .classes = 3, .side = 28});
  write_file(
      folder / "three.toml",
      std::string_view("name = \"three\"\ninput = [28, 28, 1]\nclasses = 3\n"
                       "layers = [{ type = \"flatten\" }, { type = \"dense\", units = 3 }]\n"));
  const auto trained = [&](const char* last, const std::string& model, const char* out) {
    digits.class_names = {"0", "1", last};
    Recipe recipe;
    recipe.model = model;
    recipe.epochs = 1;
    return train_run({.recipe = recipe, .out = folder / out}, digits, engine, observer);
  };
  const std::string three = (folder / "three.toml").string();
  EXPECT_FALSE(trained("2", three, "digits").model->refuses());
  EXPECT_TRUE(trained("not-a-digit", three, "refusing").model->refuses());
  // The network has ten classes, and the last of them is not called so.
  EXPECT_FALSE(trained("not-a-digit", "logistic", "ten").model->refuses());
}

TEST(FindArchitecture, ABuiltInNetworkIsFoundAlsoWhereAFolderHasItsName) {
  const TemporaryFolder folder;
  const std::filesystem::path before = std::filesystem::current_path();
  std::filesystem::current_path(folder.path());
  make_folder("logistic");
  EXPECT_EQ(find_architecture("logistic").name, "logistic");
  EXPECT_ERROR(find_architecture("./logistic"), ErrorKind::kInput, "model.safetensors");
  std::filesystem::current_path(before);
}

}  // namespace
}  // namespace inkling

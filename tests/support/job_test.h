// A test of a job: a folder, an engine, an observer, and small data and runs to work on. It fails
// if the job prints anything.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "data/sources/sources.h"
#include "jobs/images/draw_dataset.h"
#include "jobs/training/train_run.h"
#include "support/recording_observer.h"
#include "support/temporary_folder.h"

namespace inkling {

class JobTest : public testing::Test {
 protected:
  static constexpr int kTrainImages = 240, kTestImages = 40;

  JobTest() {
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    draw_dataset({.count = kTrainImages, .threads = 1, .out = folder_ / "tiny"}, drawing_);
  }
  void TearDown() override {
    EXPECT_EQ(testing::internal::GetCapturedStdout(), "");
    EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  }

  // The dataset "tiny", 28x28 digits, is in this folder.
  std::string data_dir() const { return folder_.path().string(); }
  Dataset images(Split split) const { return load_dataset("tiny", split, data_dir()); }

  Recipe recipe(uint64_t seed = 1) const {
    Recipe recipe;
    recipe.model = "logistic";
    recipe.dataset = "tiny";
    recipe.epochs = 1;
    recipe.batch = 32;
    recipe.seed = seed;
    return recipe;
  }
  // Trains into the folder and returns its path.
  std::string train(const char* out, uint64_t seed = 1) {
    RecordingObserver ignored;
    const std::filesystem::path run = folder_ / out;
    train_run({.recipe = recipe(seed), .out = run}, images(Split::kTrain), engine_, ignored);
    return run.string();
  }
  bool exists(const std::filesystem::path& name) const {
    return std::filesystem::exists(folder_ / name);
  }
  // Cancels when it is asked for the nth time.
  void cancel_at(int question) {
    observer_.cancel = [this, question] { return ++asked_ >= question; };
  }

  TemporaryFolder folder_;
  Engine engine_{EngineOptions{.threads = 1}};
  RecordingObserver observer_;

 private:
  RecordingObserver drawing_;
  int asked_ = 0;
};

}  // namespace inkling

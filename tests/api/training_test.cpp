// Training by the C interface.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "inkling/inkling.h"
#include "jobs/training/train_model.h"
#include "store/model_file.h"
#include "support/c_interface.h"
#include "support/drawn_dataset.h"
#include "support/temporary_folder.h"
#include "sys/file.h"

namespace inkling {
namespace {

using testing::HasSubstr;

class CTraining : public testing::Test {
 protected:
  CTraining() {
    write_file(folder_ / "net.toml", std::string_view(R"(
        name = "small"
        input = [8, 8, 1]
        classes = 4
        layers = [{ type = "flatten" }, { type = "dense", units = 16 }, { type = "relu" },
          { type = "dense", units = 4 }])"));
    recipe_ = "model = '" + (folder_ / "net.toml").string() +
              "'\nepochs = 3\nbatch = 16\nval_fraction = 0.2\n";
    images_ = {.size = sizeof(inkling_images),
               .pixels = drawn_.bytes().data(),
               .type = INKLING_U8,
               .n = drawn_.size(),
               .height = 8,
               .width = 8,
               .channels = 1,
               .labels = drawn_.labels.data(),
               .classes = 4,
               .class_names = nullptr};
  }
  inkling_status train(const std::string& recipe, inkling_progress_callback callback = nullptr,
                       void* user = nullptr) {
    inkling_free(model_);
    return inkling_train(recipe.c_str(), &images_, nullptr, callback, user, &model_);
  }
  std::vector<uint8_t> trained_bytes() const {
    size_t bytes = 0;
    inkling_save_bytes(model_, nullptr, 0, &bytes);
    std::vector<uint8_t> file(bytes);
    inkling_save_bytes(model_, file.data(), bytes, &bytes);
    return file;
  }
  ~CTraining() override { inkling_free(model_); }

  TemporaryFolder folder_;
  Dataset drawn_ = drawn_dataset({.images = 200});
  std::string recipe_;
  inkling_images images_{};
  inkling_model* model_ = nullptr;
};

TEST_F(CTraining, GivesTheWeightsThatTheJobGives) {
  ASSERT_EQ(train(recipe_), INKLING_OK) << inkling_last_error();
  Engine engine({});
  JobObserver observer;
  const TrainedModel expected = train_model(recipe_for_images(recipe_), drawn_, engine, observer);
  EXPECT_EQ(trained_bytes(), encode_model(expected.model));
}

TEST_F(CTraining, TellsItsProgressAndEpochs) {
  struct Told {
    int steps = 0, epochs = 0;
    double accuracy = -1;
    bool sound = true;
  } told;
  ASSERT_EQ(train(
                recipe_,
                [](const inkling_progress* progress, void* user) {
                  Told& seen = *static_cast<Told*>(user);
                  seen.sound &= progress->size == sizeof(inkling_progress);
                  if (progress->epoch_finished) {
                    ++seen.epochs;
                    seen.accuracy = progress->val_accuracy;
                  } else {
                    ++seen.steps;
                    seen.sound &= std::isnan(progress->val_accuracy);
                  }
                  return 0;
                },
                &told),
            INKLING_OK);
  EXPECT_EQ(told.epochs, 3);
  EXPECT_EQ(told.steps, 3 * 10);
  EXPECT_GT(told.accuracy, 0.5);
  EXPECT_TRUE(told.sound);
}

TEST_F(CTraining, StopsWhenTheCallbackSaysSoAndKeepsWhatWasLearned) {
  int calls = 0;
  EXPECT_EQ(train(
                recipe_,
                [](const inkling_progress*, void* user) {
                  return static_cast<int>(++*static_cast<int*>(user) == 15);
                },
                &calls),
            INKLING_STOPPED);
  EXPECT_EQ(calls, 15);
  ASSERT_NE(model_, nullptr);
  std::vector<float> values(4);
  EXPECT_EQ(
      inkling_classify(model_, drawn_.bytes().data(), INKLING_U8, 1, INKLING_LOGITS, values.data()),
      INKLING_OK);
}

TEST_F(CTraining, NamesItsClasses) {
  const char* names[] = {"north", "east", "south", "west"};
  images_.class_names = names;
  ASSERT_EQ(train(recipe_), INKLING_OK);
  EXPECT_STREQ(inkling_class_name(model_, 2), "south");
}

TEST_F(CTraining, MisuseGivesCodesAndMessages) {
  const auto expect = [&](inkling_status wanted, const std::string& recipe, const char* message) {
    EXPECT_EQ(train(recipe), wanted);
    EXPECT_THAT(inkling_last_error(), HasSubstr(message));
    EXPECT_EQ(model_, nullptr);
  };
  expect(INKLING_BAD_ARGUMENT, "epochz = 3", "epochs");
  expect(INKLING_BAD_INPUT, "epochs = = 3", "recipe");
  expect(INKLING_BAD_INPUT, "model = 'cnn3'", "28x28x1");
  const inkling_images good = images_;
  images_.classes = 3;
  expect(INKLING_BAD_ARGUMENT, recipe_, "labels: expected less than 3");
  images_ = good;
  images_.n = 0;
  expect(INKLING_BAD_ARGUMENT, recipe_, "inkling_images.n");
  images_ = good;
  images_.pixels = nullptr;
  expect(INKLING_BAD_ARGUMENT, recipe_, "pixels");
  images_ = good;
  images_.labels = nullptr;
  expect(INKLING_BAD_ARGUMENT, recipe_, "labels");
  images_ = good;
  images_.height = -8;
  expect(INKLING_BAD_ARGUMENT, recipe_, "height");
  images_ = good;
  images_.type = inkling_type(5);
  expect(INKLING_BAD_ARGUMENT, recipe_, "type");
  images_ = good;
  const char* names[] = {"a", nullptr, "c", "d"};
  images_.class_names = names;
  expect(INKLING_BAD_ARGUMENT, recipe_, "class_names");
  images_ = good;
  std::vector<float> floats(drawn_.bytes().size(), 0.5f);
  floats[7] = 3;
  images_.type = INKLING_F32;
  images_.pixels = floats.data();
  expect(INKLING_BAD_ARGUMENT, recipe_, "at index 7");
  images_ = good;
  EXPECT_EQ(inkling_train("", nullptr, nullptr, nullptr, nullptr, &model_), INKLING_BAD_ARGUMENT);
  EXPECT_EQ(inkling_train("", &images_, nullptr, nullptr, nullptr, nullptr), INKLING_BAD_ARGUMENT);
}

}  // namespace
}  // namespace inkling

#include "train/study/cross_validation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "eval/data_report/confident_learning.h"
#include "support/drawn_dataset.h"
#include "support/expect_error.h"

namespace inkling {
namespace {

const auto kSilent = [](const CrossValidationProgress&) {};

TEST(QuickNetwork, FitsImagesOfAnySize) {
  for (const Shape& images : {Shape{1, 1, 1}, Shape{5, 3, 3}, Shape{28, 28, 1}, Shape{64, 48, 3}}) {
    const Architecture net = quick_network(images, 7);
    EXPECT_EQ(net.input, images);
    EXPECT_EQ(net.classes, 7);
  }
}

TEST(CrossValidation, EveryRowIsAProbability) {
  const Dataset train = drawn_dataset({.images = 90}), test = drawn_dataset({.images = 30});
  Engine engine({.threads = 1});
  const CrossValidation result = cross_validate(train, &test, {.epochs = 1}, engine, kSilent);
  ASSERT_EQ(result.train.size(), 90u * 4);
  ASSERT_EQ(result.held_out.size(), 30u * 4);
  for (const std::vector<float>* rows : {&result.train, &result.held_out}) {
    for (size_t i = 0; i < rows->size(); i += 4) {
      EXPECT_NEAR((*rows)[i] + (*rows)[i + 1] + (*rows)[i + 2] + (*rows)[i + 3], 1, 1e-5);
    }
  }
}

// An image seen in training betrays itself: a network that knows the pure noise by heart is right
// about it. Out of fold it can only guess.
TEST(CrossValidation, NoNetworkPredictsImagesItWasTrainedOn) {
  Dataset noise = drawn_dataset({.images = 240, .classes = 2, .wrong_labels = 1});
  Engine engine({.threads = 1});
  const CrossValidation result = cross_validate(noise, &noise, {.epochs = 40}, engine, kSilent);
  const auto right = [&](const std::vector<float>& rows) {
    int count = 0;
    for (size_t i = 0; i < noise.size(); ++i) {
      count += (rows[2 * i + 1] > rows[2 * i]) == (noise.labels[i] == 1) ? 1 : 0;
    }
    return count / 240.0;
  };
  EXPECT_LT(right(result.train), 0.65);
  EXPECT_GT(right(result.held_out), 0.85);  // two of three networks have seen each
}

TEST(CrossValidation, FindsFlippedLabels) {
  Dataset train = drawn_dataset({.images = 400, .side = 12});
  std::vector<uint32_t> flipped;
  for (uint32_t i = 5; i < 400; i += 50) {
    train.labels[i] = static_cast<uint8_t>((train.labels[i] + 1) % 4);
    flipped.push_back(i);
  }
  Engine engine({.threads = 1});
  const CrossValidation result = cross_validate(train, nullptr, {}, engine, kSilent);
  const ConfidentLearning found = find_suspects(result.train, train.labels, train.classes);
  ASSERT_GE(found.suspects.size(), flipped.size());
  std::vector<uint32_t> first;
  for (size_t i = 0; i < flipped.size(); ++i) first.push_back(found.suspects[i].index);
  EXPECT_THAT(first, testing::UnorderedElementsAreArray(flipped));
}

TEST(CrossValidation, IsTheSameOnAnyNumberOfThreads) {
  const Dataset train = drawn_dataset({.images = 90});
  Engine one({.threads = 1}), three({.threads = 3});
  EXPECT_EQ(cross_validate(train, nullptr, {.epochs = 1}, one, kSilent).train,
            cross_validate(train, nullptr, {.epochs = 1}, three, kSilent).train);
}

TEST(CrossValidation, ProgressRisesToOne) {
  const Dataset train = drawn_dataset({.images = 90});
  Engine engine({.threads = 1});
  double last = 0;
  (void)cross_validate(train, nullptr, {.epochs = 2}, engine,
                       [&](const CrossValidationProgress& progress) {
                         EXPECT_GE(progress.fraction, last);
                         last = progress.fraction;
                       });
  EXPECT_NEAR(last, 1, 1e-9);
}

TEST(CrossValidation, FewerImagesThanFoldsIsAUsageError) {
  const Dataset train = drawn_dataset({.images = 2});
  Engine engine({.threads = 1});
  EXPECT_ERROR(cross_validate(train, nullptr, {}, engine, kSilent), ErrorKind::kUsage, "folds");
}

}  // namespace
}  // namespace inkling

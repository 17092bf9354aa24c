#include "data/augment/augment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <thread>
#include <tuple>

#include "support/drawn_dataset.h"
#include "support/expect_error.h"
#include "support/noise_dataset.h"
#include "support/variants.h"

namespace inkling {
namespace {

std::vector<uint32_t> all_of(const Dataset& dataset) {
  std::vector<uint32_t> indices(dataset.size());
  std::iota(indices.begin(), indices.end(), 0u);
  return indices;
}

std::vector<float> assembled(Augmenter& augmenter, const Dataset& dataset, int epoch) {
  std::vector<float> out(dataset.size() * dataset.image_size());
  augmenter.assemble(all_of(dataset), epoch, 0, out.data(), dataset.image_size(),
                     static_cast<size_t>(dataset.width * dataset.channels));
  return out;
}

TEST(Augmenter, OptionsThatChangeNothingGiveTheBatchAssemblersBits) {
  const Dataset dataset = noise_dataset(28, 28, 1, 20);
  const BatchAssembler plain(dataset, kDigits);
  std::vector<float> expected(dataset.bytes().size());
  plain.assemble(all_of(dataset), expected.data());
  Augmenter none(augment_preset("none"), dataset, kDigits, best_kernels(), {});
  EXPECT_EQ(assembled(none, dataset, 1), expected);
}

TEST(Augmenter, EveryImageIsTheSameWhateverTheThreadsTheOrderAndTheCompany) {
  const Dataset dataset = noise_dataset(28, 28, 1, 60);
  constexpr int kWorkers = 4;
  Augmenter augmenter(augment_preset("strong"), dataset, kDigits, best_kernels(),
                      {.seed = 7, .workers = kWorkers});
  const std::vector<float> expected = assembled(augmenter, dataset, 3);
  // Backwards, one by one, by four threads at once, again and again so that they meet.
  std::vector<float> found(expected.size());
  std::vector<std::thread> threads;
  for (int worker = 0; worker < kWorkers; ++worker) {
    threads.emplace_back([&, worker] {
      for (int round = 0; round < 50; ++round) {
        for (int i = 59 - worker; i >= 0; i -= kWorkers) {
          const uint32_t index = static_cast<uint32_t>(i);
          augmenter.assemble({&index, 1}, 3, worker, &found[index * 784], 784, 28);
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(found, expected);
}

TEST(Augmenter, EpochsAndSeedsDiffer) {
  const Dataset dataset = noise_dataset(28, 28, 1, 5);
  Augmenter one(augment_preset("standard"), dataset, kDigits, best_kernels(), {.seed = 1});
  Augmenter two(augment_preset("standard"), dataset, kDigits, best_kernels(), {.seed = 2});
  EXPECT_EQ(assembled(one, dataset, 1), assembled(one, dataset, 1));
  EXPECT_NE(assembled(one, dataset, 1), assembled(one, dataset, 2));
  EXPECT_NE(assembled(one, dataset, 1), assembled(two, dataset, 1));
}

TEST(Augmenter, LeavesTheDatasetAndWhatLiesBetweenRowsAlone) {
  for (const int channels : {1, 3}) {
    Dataset dataset = noise_dataset(5, 7, channels, 3);
    dataset.labels = {1, 0, 1};
    const Dataset before = dataset;
    Augmenter augmenter(augment_preset("strong"), dataset, kDigits, best_kernels(), {});
    const size_t row = static_cast<size_t>(7 * channels), row_stride = row + 4;
    const size_t image_stride = 5 * row_stride + 9;
    std::vector<float> out(3 * image_stride, -77);
    augmenter.assemble(all_of(dataset), 1, 0, out.data(), image_stride, row_stride);
    for (size_t i = 0; i < out.size(); ++i) {
      const size_t in_image = i % image_stride;
      const bool pixel = in_image < 5 * row_stride && in_image % row_stride < row;
      EXPECT_EQ(out[i] != -77, pixel) << i;
    }
    EXPECT_EQ(dataset.bytes(), before.bytes());
    EXPECT_EQ(dataset.labels, before.labels);
  }
}

TEST(Augmenter, WorksForImagesOfAnySize) {
  for (const auto& [height, width, channels] :
       {std::tuple{1, 1, 1}, {1, 40, 1}, {33, 2, 3}, {65, 47, 1}, {20, 20, 4}}) {
    const Dataset dataset = noise_dataset(height, width, channels, 6);
    Augmenter augmenter(augment_preset("strong"), dataset, kGrey, best_kernels(), {});
    EXPECT_THAT(assembled(augmenter, dataset, 1),
                testing::Each(testing::AllOf(testing::Ge(0), testing::Le(255))));
  }
}

TEST(Augmenter, FloatsAreRefusedByNameUnlessNothingIsChanged) {
  Dataset bytes = noise_dataset(28, 28, 1, 5);
  bytes.name = "noise";
  const Dataset floats = in_floats(bytes);
  EXPECT_ERROR(Augmenter(augment_preset("standard"), floats, kDigits, best_kernels(), {}),
               ErrorKind::kInput, "noise", "bytes");
  Augmenter none(augment_preset("none"), floats, kDigits, best_kernels(), {});
  Augmenter same(augment_preset("none"), bytes, kDigits, best_kernels(), {});
  EXPECT_EQ(assembled(none, floats, 1), assembled(same, bytes, 1));
}

TEST(Augmenter, RangesOutsideTheirBoundsAreRefused) {
  const Dataset dataset = blank_dataset(4, 4, 1);
  EXPECT_ERROR(Augmenter({.rotation = 200}, dataset, kGrey, best_kernels(), {}), ErrorKind::kUsage,
               "rotation", "0 to 180", "200");
}

TEST(AugmentExamples, AreTheOriginalAndTheFirstEpochs) {
  const Dataset dataset = noise_dataset(10, 12, 3, 4);
  const AugmentOptions options = augment_preset("standard");
  const AugmentExamples examples = augment_examples(options, dataset, 2, 3, best_kernels(), 5);
  EXPECT_EQ(examples.original.pixels,
            std::vector<uint8_t>(dataset.image(2).begin(), dataset.image(2).end()));
  ASSERT_EQ(examples.variants.size(), 3u);
  Augmenter augmenter(options, dataset, kGrey, best_kernels(), {.seed = 5});
  std::vector<float> grey(360);
  augmenter.assemble(std::vector<uint32_t>{2}, 3, 0, grey.data(), 360, 36);
  const Picture& third = examples.variants[2];
  EXPECT_EQ(third.width, 12);
  EXPECT_EQ(third.height, 10);
  EXPECT_EQ(third.channels, 3);
  for (size_t i = 0; i < 360; ++i) EXPECT_NEAR(third.pixels[i], grey[i], 0.5);
}

}  // namespace
}  // namespace inkling

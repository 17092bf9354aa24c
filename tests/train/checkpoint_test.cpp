#include "train/checkpoint.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "store/safetensors.h"
#include "support/expect_error.h"

namespace inkling {
namespace {

Checkpoint some_checkpoint() {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  return {.steps = 123,
          .train_seconds = 1.0 / 3,
          .best_epoch = 1,
          .history = {{.epoch = 1, .lr = 0.1, .train_loss = 2.0 / 3, .val_loss = 0.7},
                      {.epoch = 2, .lr = 0.1, .val_loss = nan, .val_accuracy = nan}},
          .images = 54000,
          .mean = 0.1307,
          .sd = 1.0 / 7,
          .weights = {1.0f / 3, -0.0f, 1e-40f},
          .kept = {1, 2, 3},
          .average = {4, 5, 6},
          .optimiser = {{7, 8}, {9, 10}}};
}

TEST(Checkpoint, ReadsBackBitForBit) {
  const Checkpoint written = some_checkpoint();
  const Checkpoint read = parse_checkpoint(checkpoint_bytes(written), "c");
  EXPECT_EQ(read.steps, written.steps);
  EXPECT_EQ(read.train_seconds, written.train_seconds);
  EXPECT_EQ(read.best_epoch, written.best_epoch);
  EXPECT_EQ(read.images, written.images);
  EXPECT_EQ(read.mean, written.mean);
  EXPECT_EQ(read.sd, written.sd);
  EXPECT_EQ(read.weights, written.weights);
  EXPECT_TRUE(std::signbit(read.weights[1]));
  EXPECT_EQ(read.kept, written.kept);
  EXPECT_EQ(read.average, written.average);
  EXPECT_EQ(read.optimiser, written.optimiser);
  ASSERT_EQ(read.history.size(), 2u);
  EXPECT_EQ(read.history[0].train_loss, written.history[0].train_loss);
  EXPECT_EQ(read.history[0].val_loss, 0.7);
  EXPECT_TRUE(std::isnan(read.history[1].val_loss));
}

TEST(Checkpoint, OtherBytesAreRefusedNamingTheirSource) {
  EXPECT_ERROR(parse_checkpoint(encode_safetensors({}, {{"format", "inkling"}}), "c"),
               ErrorKind::kInput, "c: expected a checkpoint", "found \"inkling\"");
  for (
      const char* training :
      {"", "[]", "{}", R"({"steps": "1"})",
       R"({"steps":1,"train_seconds":1,"best_epoch":1,"images":1,"mean":0,"sd":1,"history":3})",
       R"({"steps":1,"train_seconds":1,"best_epoch":1,"images":1,"mean":0,"sd":1,
            "history":[{"epoch":1}]})",
       // Numbers that are none of what is counted.
       R"({"steps":1.5,"train_seconds":1,"best_epoch":1,"images":1,"mean":0,"sd":1,"history":[]})",
       R"({"steps":1e300,"train_seconds":1,"best_epoch":1,"images":1,"mean":0,"sd":1,"history":[]})",
       R"({"steps":1,"train_seconds":1,"best_epoch":4294967297,"images":1,"mean":0,"sd":1,
            "history":[]})",
       R"({"steps":1,"train_seconds":1,"best_epoch":1,"images":-1,"mean":0,"sd":1,"history":[]})",
       R"({"steps":1,"train_seconds":1,"best_epoch":1,"images":1,"mean":0,"sd":1,
            "history":[{"epoch":4294967297,"lr":1,"train_loss":1,"train_accuracy":1,"val_loss":1,
            "val_accuracy":1,"val_macro_f1":1,"seconds":1,"images_per_second":1}]})",
       R"({"steps":18446744073709551615,"train_seconds":1,"best_epoch":1,"images":1,"mean":0,"sd":1,
            "history":[]})"}) {
    const std::vector<uint8_t> bytes =
        encode_safetensors({}, {{"format", "inkling-checkpoint-1"}, {"training", training}});
    EXPECT_ERROR(parse_checkpoint(bytes, "c"), ErrorKind::kInput, "c: ", "expected");
  }
}

TEST(Checkpoint, WeightsThatAreNoNumbersAreRefused) {
  for (std::vector<float> Checkpoint::*part :
       {&Checkpoint::weights, &Checkpoint::kept, &Checkpoint::average}) {
    Checkpoint checkpoint = some_checkpoint();
    (checkpoint.*part)[1] = std::numeric_limits<float>::infinity();
    EXPECT_ERROR(parse_checkpoint(checkpoint_bytes(checkpoint), "c"), ErrorKind::kInput,
                 "c: ", "finite numbers");
  }
}

}  // namespace
}  // namespace inkling

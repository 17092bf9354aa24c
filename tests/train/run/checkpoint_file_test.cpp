#include "train/run/checkpoint_file.h"

#include <gtest/gtest.h>

#include "support/expect_error.h"
#include "support/temporary_folder.h"
#include "sys/file.h"

namespace inkling {
namespace {

TEST(CheckpointFile, HoldsTheCheckpointsBytes) {
  const TemporaryFolder folder;
  const Checkpoint checkpoint{.steps = 7,
                              .history = {{.epoch = 1, .lr = 1.0 / 3}},
                              .weights = {1, 2},
                              .kept = {3, 4},
                              .average = {},
                              .optimiser = {{5}}};
  save_checkpoint(folder / "c", checkpoint);
  EXPECT_EQ(read_file(folder / "c"), checkpoint_bytes(checkpoint));
  EXPECT_EQ(checkpoint_bytes(load_checkpoint(folder / "c").value()), checkpoint_bytes(checkpoint));
}

TEST(CheckpointFile, IsNothingIfThereIsNoFile) {
  const TemporaryFolder folder;
  EXPECT_FALSE(load_checkpoint(folder / "c").has_value());
}

TEST(CheckpointFile, OtherFilesAreRefusedByName) {
  const TemporaryFolder folder;
  write_file(folder / "c", "no checkpoint");
  EXPECT_ERROR(load_checkpoint(folder / "c"), ErrorKind::kInput, "/c");
}

}  // namespace
}  // namespace inkling

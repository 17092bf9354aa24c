#include "store/find_model.h"

#include <gtest/gtest.h>

#include "support/expect_error.h"
#include "support/temporary_folder.h"
#include "sys/file.h"

namespace inkling {
namespace {

TEST(FindModel, RunFolderMeansTheModelInIt) {
  const TemporaryFolder folder;
  write_file(folder / "model.safetensors", "");
  EXPECT_EQ(model_file_of(folder.path().string()), folder / "model.safetensors");
}

TEST(FindModel, FileMeansItself) {
  const TemporaryFolder folder;
  write_file(folder / "mine.bin", "");
  EXPECT_EQ(model_file_of((folder / "mine.bin").string()), folder / "mine.bin");
}

TEST(FindModel, WhatIsNotThereIsRefusedByTheOptionsName) {
  const TemporaryFolder folder;
  expect_error([&] { model_file_of(folder.path().string(), "--init"); }, ErrorKind::kInput,
               {"--init", "holds no model.safetensors"});
  expect_error([&] { model_file_of((folder / "none").string()); }, ErrorKind::kInput,
               {"--model", "found nothing there"});
}

TEST(FindModel, ReaderMeansTheBuiltInOne) {
  EXPECT_TRUE(names_built_in_reader("reader"));
  EXPECT_FALSE(names_built_in_reader("runs/reader"));
  const FoundModel found = find_model("reader");
  EXPECT_EQ(found.model.net->name, "reader");
  EXPECT_FALSE(std::filesystem::exists(found.file));
}

}  // namespace
}  // namespace inkling

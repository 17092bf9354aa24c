#include "train/run/run_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>

#include <cmath>
#include <fstream>
#include <limits>

#include <nlohmann/json.hpp>

#include "store/weights_hash.h"
#include "support/expect_error.h"
#include "support/networks.h"
#include "support/temporary_folder.h"
#include "sys/file.h"
#include "train/run/history_file.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;

EpochRecord record(int epoch) {
  return {.epoch = epoch,
          .lr = 0.125,
          .train_loss = 1.5,
          .train_accuracy = 0.5,
          .val_loss = 1.25,
          .val_accuracy = 0.75,
          .val_macro_f1 = 0.5,
          .seconds = 2,
          .images_per_second = 1000};
}

TEST(RunFolder, CreatingClearsWhatAnEarlierRunLeftAndNothingElse) {
  const TemporaryFolder folder;
  {
    const RunFolder first = RunFolder::create(folder / "run");
    first.write_recipe("x = 1\n");
    first.add_epoch(record(1));
    first.save(small_model());
    first.write_metrics({{"n", 1}}, false);
    first.write_metrics({{"n", 1}}, true);
  }
  make_folder(folder / "run" / "figures");
  for (const char* file : {"report.html", "figures/a.svg", "figures/a.png"}) {
    write_file(folder / "run" / file, "drawn");
  }
  for (const char* file : {"notes.txt", "figures/holiday.png"}) {
    write_file(folder / "run" / file, "mine");
  }
  RunFolder::create(folder / "run");
  EXPECT_EQ(read_text_file(folder / "run" / "figures/holiday.png"), "mine");
  EXPECT_EQ(read_text_file(folder / "run" / "notes.txt"), "mine");
  int entries = 0;
  for ([[maybe_unused]] const auto& entry : fs::recursive_directory_iterator(folder / "run")) {
    ++entries;
  }
  EXPECT_EQ(entries, 3);  // these two, and figures/
}

TEST(RunFolder, HistoryIsReadBackAsItWasWritten) {
  const TemporaryFolder folder;
  const RunFolder run = RunFolder::create(folder.path());
  EpochRecord second = record(2);
  second.lr = 0.1;
  second.val_loss = std::numeric_limits<double>::quiet_NaN();
  run.add_epoch(record(1));
  run.add_epoch(second);
  const std::string text = read_text_file(run.files().history());
  const std::vector<EpochRecord> read = read_history(run.files().history());
  ASSERT_EQ(read.size(), 2u);
  EXPECT_EQ(read[1].epoch, 2);
  EXPECT_EQ(read[1].lr, 0.1);
  EXPECT_TRUE(std::isnan(read[1].val_loss));
  run.write_history(read);
  EXPECT_EQ(read_text_file(run.files().history()), text);

  for (const auto& [line, part] :
       {std::pair{"{\"epoch\": 0}", "history.jsonl:3: epoch: expected a whole number from 1"},
        {"{\"epoch\": 3}", "history.jsonl:3: lr: expected a value, found none"},
        {"{\"epoch\": 3, \"lr\": \"x\"}", "history.jsonl:3: lr: expected a number or null"},
        {"{\"epoch\":", "history.jsonl:3: expected JSON"}}) {
    write_file(run.files().history(), text + line + "\n");
    EXPECT_ERROR(read_history(run.files().history()), ErrorKind::kInput, part);
  }
}

TEST(RunFolder, AStateThatIsNotAsWrittenIsNamed) {
  const TemporaryFolder folder;
  write_file(folder / "recipe.toml", "x = 1\n");
  write_file(folder / "metrics.json", R"({"interrupted": "no"})");
  EXPECT_ERROR(RunFolder::state(folder.path()), ErrorKind::kInput, "metrics.json");
}

TEST(RunFolder, CreatingMakesTheFoldersAbove) {
  const TemporaryFolder folder;
  RunFolder::create(folder / "a" / "b" / "c");
  EXPECT_TRUE(fs::is_directory(folder / "a" / "b" / "c"));
}

TEST(RunFolder, ASecondTrainingIsRefusedAndTouchesNothing) {
  const TemporaryFolder folder;
  const RunFolder first = RunFolder::create(folder.path());
  first.write_recipe("x = 1\n");
  EXPECT_ERROR(RunFolder::create(folder.path()), ErrorKind::kSystem, folder.path().c_str(),
               "another process is training into this folder", "--out");
  EXPECT_ERROR(RunFolder::reopen(folder.path()), ErrorKind::kSystem, "another process");
  EXPECT_ERROR(lock_for_training(folder.path()), ErrorKind::kSystem, "another process");
  EXPECT_EQ(read_text_file(folder / "recipe.toml"), "x = 1\n");
  EXPECT_EQ(folder.entries(), 1);
}

TEST(RunFolder, PlaceBelowAFileIsRefused) {
  const TemporaryFolder folder;
  write_file(folder / "file", "x");
  EXPECT_ERROR(RunFolder::create(folder / "file" / "run"), ErrorKind::kSystem, "cannot make folder",
               "file/run");
  EXPECT_ERROR(RunFolder::create(folder / "file"), ErrorKind::kSystem, "cannot make folder");
  EXPECT_EQ(read_text_file(folder / "file"), "x");
}

TEST(RunFolder, WhatCannotBeClearedIsNamed) {
  const TemporaryFolder folder;
  make_folder(folder / "metrics.json" / "full");
  EXPECT_ERROR(RunFolder::create(folder.path()), ErrorKind::kSystem, "cannot clear",
               "metrics.json");
}

TEST(RunFolder, HistoryIsALineAnEpochWithTheKeysOfTheContract) {
  const TemporaryFolder folder;
  const RunFolder run = RunFolder::create(folder.path());
  run.add_epoch(record(1));
  EpochRecord unevaluated = record(2);
  unevaluated.val_loss = unevaluated.val_accuracy = std::numeric_limits<double>::quiet_NaN();
  run.add_epoch(unevaluated);
  std::ifstream file(folder / "history.jsonl");
  std::vector<nlohmann::json> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(nlohmann::json::parse(line));
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[0], nlohmann::json::parse(R"({"epoch": 1, "lr": 0.125, "train_loss": 1.5,
      "train_accuracy": 0.5, "val_loss": 1.25, "val_accuracy": 0.75,
      "val_macro_f1": 0.5, "seconds": 2.0,
      "images_per_second": 1000.0})"));
  EXPECT_EQ(lines[1]["epoch"], 2);
  EXPECT_TRUE(lines[1]["val_loss"].is_null());
  EXPECT_TRUE(lines[1]["val_accuracy"].is_null());
}

// A limit on file size fails a write half way, as a full disk does.
class FullDisk {
 public:
  explicit FullDisk(rlim_t bytes) {
    ::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &saved_);
    const rlimit small{.rlim_cur = bytes, .rlim_max = saved_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &small);
  }
  ~FullDisk() { ::setrlimit(RLIMIT_FSIZE, &saved_); }

 private:
  rlimit saved_{};
};

TEST(RunFolder, FullDiskLeavesNoHalfFile) {
  const TemporaryFolder folder;
  const RunFolder run = RunFolder::create(folder.path());
  {
    const FullDisk disk(100);
    EXPECT_ERROR((run.save(small_model()), 0), ErrorKind::kSystem, "model.safetensors");
    EXPECT_ERROR((run.write_metrics({{"text", std::string(500, 'x')}}, false), 0),
                 ErrorKind::kSystem, "metrics.json");
    EXPECT_ERROR((run.write_recipe(std::string(500, 'x')), 0), ErrorKind::kSystem, "recipe.toml");
  }
  EXPECT_EQ(folder.entries(), 0);
}

TEST(RunFolder, FullDiskLeavesNoHalfLineInTheHistory) {
  const TemporaryFolder folder;
  const RunFolder run = RunFolder::create(folder.path());
  run.add_epoch(record(1));
  const std::string before = read_text_file(folder / "history.jsonl");
  {
    const FullDisk disk(before.size() + 30);
    EXPECT_ERROR((run.add_epoch(record(2)), 0), ErrorKind::kSystem, "history.jsonl");
  }
  EXPECT_EQ(read_text_file(folder / "history.jsonl"), before);
}

}  // namespace
}  // namespace inkling

// Trainings that are killed, interrupted or out of disk, and go on.
#include <fstream>
#include <set>

#include "base/random.h"
#include "cli/program.h"
#include "store/model_file.h"

namespace inkling {
namespace {

using testing::HasSubstr;

class Resumed : public Program {
 protected:
  Resumed() { write_tiny(affordable_count()); }

  static constexpr int kEpochs = 12;

  // Batch norm, dropout, augmentation, moments and an average: all that must survive.
  Finished train_to(const std::string& out, Words more = {}, RunOptions options = {}) const {
    write_file(folder_ / "net.toml", R"(name = "net"
layers = [
  { type = "conv", filters = 4, kernel = 5, stride = 2 },
  { type = "batch_norm" },
  { type = "relu" },
  { type = "flatten" },
  { type = "dropout", rate = 0.3 },
  { type = "dense", units = 10 },
]
)");
    Words words{"train",
                "--model",
                "net.toml",
                "--dataset",
                "tiny",
                "--epochs",
                std::to_string(kEpochs),
                "--batch",
                "16",
                "--lr",
                "0.01",
                "--schedule",
                "cosine",
                "--ema",
                "0.95",
                "--augment",
                "standard",
                "--threads",
                "1",
                "--out",
                out};
    words.insert(words.end(), more.begin(), more.end());
    return run(words, std::move(options));
  }

  // history.jsonl without what the clock says.
  std::vector<nlohmann::json> history(const std::string& run) const {
    std::ifstream file(folder_ / run / "history.jsonl");
    std::vector<nlohmann::json> lines;
    for (std::string line; std::getline(file, line);) {
      lines.push_back(nlohmann::json::parse(line));
      lines.back().erase("seconds");
      lines.back().erase("images_per_second");
    }
    return lines;
  }
  void expect_same_run(const std::string& found, const std::string& wanted) const {
    const nlohmann::json a = read_json(found + "/metrics.json"),
                         b = read_json(wanted + "/metrics.json");
    for (const char* key : {"weights_sha256", "accuracy", "loss", "best_epoch", "epochs"}) {
      EXPECT_EQ(a[key], b[key]) << key;
    }
    EXPECT_EQ(history(found), history(wanted));
    EXPECT_EQ(read_text_file(folder_ / found / "recipe.toml"),
              read_text_file(folder_ / wanted / "recipe.toml"));
  }
};

TEST_F(Resumed, KilledAtRandomInstantsItEndsWithTheSameBits) {
  ASSERT_EQ(train_to("whole").code, 0);
  const double seconds = read_json("whole/metrics.json")["train_seconds"];
  Random random(1);
  int killed = 0;
  for (int kill = 0; kill < 5; ++kill) {
    RunOptions options;
    options.timeout_s = random.uniform(0, 0.7) * seconds + 0.02;  // SIGKILL
    killed += train_to("killed", {"--resume"}, options).timed_out;
    if (exists("killed/model.safetensors")) load_model(folder_ / "killed/model.safetensors");
  }
  EXPECT_GE(killed, 2);
  const Finished finished = train_to("killed", {"--resume"});
  ASSERT_EQ(finished.code, 0) << finished.err;
  expect_same_run("killed", "whole");
  expect_nothing_half_written();
}

TEST_F(Resumed, InterruptedItEndsWithTheSameBits) {
  ASSERT_EQ(train_to("whole").code, 0);
  RunOptions options;
  options.interrupt_when = [](const Finished& so_far) {
    return so_far.err.find("epoch 3/") != std::string::npos;
  };
  ASSERT_EQ(train_to("cut", {}, options).code, 130);
  const Finished resumed = run({"train", "--resume", "--out", "cut", "--threads", "2"});
  ASSERT_EQ(resumed.code, 0) << resumed.err;
  EXPECT_THAT(resumed.err, HasSubstr("resuming after epoch "));
  expect_same_run("cut", "whole");
}

// The second ends the process wherever it is: also between two files of an epoch, or amid one.
TEST_F(Resumed, InterruptedTwiceItKeepsTheBestWeightsAndEndsWithTheSameBits) {
  ASSERT_EQ(train_to("whole").code, 0);
  const std::vector<nlohmann::json> whole = history("whole");
  const auto best_of_first = [&](size_t epochs) {  // as the recipe chooses: accuracy, then loss
    return *std::ranges::min_element(whole.begin(), whole.begin() + static_cast<int>(epochs), {},
                                     [](const nlohmann::json& epoch) {
                                       return std::pair(-epoch["val_accuracy"].get<double>(),
                                                        epoch["val_loss"].get<double>());
                                     });
  };
  int ended_at_once = 0;
  for (int epoch = 1; epoch <= 5; ++epoch) {
    for (const int apart : {1, 3, 5}) {  // about milliseconds
      const std::string cut = "cut" + std::to_string(epoch) + "-" + std::to_string(apart);
      SCOPED_TRACE(cut);
      RunOptions options;
      options.interrupts = 2;
      options.interrupt_when = [&, wait = 0](const Finished& so_far) mutable {
        if (so_far.err.find("epoch " + std::to_string(epoch) + "/") == std::string::npos) {
          return false;
        }
        return wait++ % apart == 0;
      };
      ASSERT_EQ(train_to(cut, {}, options).code, 130);
      ended_at_once += exists(cut + "/metrics.json") ? 0 : 1;
      ASSERT_EQ(run({"evaluate", "--model", cut, "--split", "validation", "--threads", "1",
                     "--json", "kept.json"})
                    .code,
                0);
      // An epoch's line comes last, so the model may be one ahead of the history.
      const size_t epochs = history(cut).size();
      ASSERT_GE(epochs, static_cast<size_t>(epoch));
      EXPECT_THAT(read_json("kept.json")["loss"],
                  testing::AnyOf(best_of_first(epochs)["val_loss"],
                                 best_of_first(std::min(epochs + 1, whole.size()))["val_loss"]));
      ASSERT_EQ(train_to(cut, {"--resume"}).code, 0);
      expect_same_run(cut, "whole");
    }
  }
  EXPECT_GE(ended_at_once, 1);  // else the first alone was enough each time
  expect_nothing_half_written();
}

TEST_F(Resumed, PatienceIsCountedAcrossTheBreak) {
  const Words more{"--patience", "2", "--val-metric", "macro-f1", "--keep", "last"};
  ASSERT_EQ(train_to("whole", more).code, 0);
  RunOptions options;
  options.interrupt_when = [](const Finished& so_far) {
    return so_far.err.find("epoch 2/") != std::string::npos;
  };
  ASSERT_EQ(train_to("cut", more, options).code, 130);
  ASSERT_EQ(run({"train", "--resume", "--out", "cut"}).code, 0);
  expect_same_run("cut", "whole");
}

TEST_F(Resumed, ASecondTrainingIntoTheFolderIsRefusedAtOnce) {
  Finished again, resumed;
  RunOptions options;
  options.interrupt_when = [&](const Finished& so_far) {
    if (so_far.err.find("epoch 2/") == std::string::npos) return false;
    again = train("run");
    resumed = run({"train", "--resume", "--out", "run"});
    return true;
  };
  ASSERT_EQ(train("run", {"--epochs", "3000"}, options).code, 130);
  for (const Finished& second : {again, resumed}) {
    expect_failure(second, 1,
                   {"inkling: run: another process is training into this folder", "--out"});
  }
  EXPECT_THAT(read_text_file(folder_ / "run/recipe.toml"), HasSubstr("epochs = 3000"));
  EXPECT_GE(history("run").size(), 2u);
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder_ / "run")) {
    names.insert(entry.path().filename().string());
  }
  EXPECT_EQ(names, (std::set<std::string>{"checkpoint", "history.jsonl", "metrics.json",
                                          "model.safetensors", "recipe.toml"}));
  ASSERT_EQ(train("run").code, 0);
}

TEST_F(Resumed, AFinishedRunIsLeftAlone) {
  ASSERT_EQ(train("run").code, 0);
  const std::string before = read_text_file(folder_ / "run/metrics.json");
  const Finished finished = run({"train", "--resume", "--out", "run"});
  EXPECT_EQ(finished.code, 0) << finished.err;
  EXPECT_THAT(finished.out, HasSubstr("already finished"));
  EXPECT_EQ(read_text_file(folder_ / "run/metrics.json"), before);
}

TEST_F(Resumed, AnotherRecipeIsRefusedNamingTheField) {
  ASSERT_EQ(train("run").code, 0);
  expect_failure(run({"train", "--resume", "--out", "run", "--batch", "33"}), 2,
                 {"--resume", "run", "batch: 33 here, 32 there"});
}

TEST_F(Resumed, WhereThereIsNoRunItBegins) {
  EXPECT_EQ(train("run", {"--epochs", "1"}).code, 0);
  std::filesystem::remove(folder_ / "run/recipe.toml");  // cleared away when it was killed
  const Finished finished = run({"train", "--resume", "--dataset", "tiny", "--model", "logistic",
                                 "--epochs", "2", "--out", "run"});
  EXPECT_EQ(finished.code, 0) << finished.err;
  EXPECT_EQ(history("run").size(), 2u);
}

TEST_F(Resumed, StartingOverAnUnfinishedRunSaysSo) {
  RunOptions options;
  options.interrupt_when = [](const Finished& so_far) {
    return so_far.err.find("epoch 2/") != std::string::npos;
  };
  ASSERT_EQ(train_to("run", {}, options).code, 130);
  const Finished finished = train("run");
  EXPECT_EQ(finished.code, 0);
  EXPECT_THAT(finished.err, HasSubstr("unfinished run; it starts over (--resume"));
  EXPECT_EQ(history("run").size(), 2u);
}

TEST_F(Resumed, OtherImagesUnderTheSameNameAreRefused) {
  RunOptions options;
  options.interrupt_when = [](const Finished& so_far) {
    return so_far.err.find("epoch 2/") != std::string::npos;
  };
  ASSERT_EQ(train_to("run", {}, options).code, 130);
  write_tiny(affordable_count() + 10);
  expect_failure(run({"train", "--resume", "--out", "run"}), 1,
                 {"run/checkpoint/state.safetensors: ", "tiny"});
}

// Test results and a report of the weights so far would be taken for the last ones'.
TEST_F(Resumed, WhatWasSaidOfTheUnfinishedModelIsGone) {
  ASSERT_EQ(train("run").code, 0);
  std::filesystem::remove(folder_ / "run/metrics.json");  // killed before its end
  write_file(folder_ / "run/metrics-test.json", R"({"n": 0})");
  write_file(folder_ / "run/report.html", "of the model before");
  const Finished finished = run({"train", "--resume", "--test", "--out", "run"});
  ASSERT_EQ(finished.code, 0) << finished.err;
  EXPECT_EQ(read_json("run/metrics-test.json")["n"], kTestCount);
  EXPECT_FALSE(exists("run/report.html"));
}

TEST_F(Resumed, ADamagedCheckpointIsNamed) {
  RunOptions options;
  options.interrupt_when = [](const Finished& so_far) {
    return so_far.err.find("epoch 2/") != std::string::npos;
  };
  ASSERT_EQ(train_to("run", {}, options).code, 130);
  const auto file = folder_ / "run/checkpoint/state.safetensors";
  std::filesystem::resize_file(file, std::filesystem::file_size(file) - 4);
  expect_failure(run({"train", "--resume", "--out", "run"}), 1, {"state.safetensors"});
}

TEST_F(Resumed, AFullDiskIsAnErrorThatLeavesTheLastCheckpoint) {
  ASSERT_EQ(train_to("whole").code, 0);
  RunOptions after_one;
  after_one.interrupt_when = [](const Finished& so_far) {
    return so_far.err.find("epoch 1/") != std::string::npos;
  };
  ASSERT_EQ(train_to("full", {}, after_one).code, 130);
  const std::string before = read_text_file(folder_ / "full/checkpoint/state.safetensors");
  RunOptions full;
  full.file_bytes = static_cast<long>(before.size()) - 1000;
  const Finished failed = run({"train", "--resume", "--out", "full"}, full);
  expect_failure(failed, 1, {"cannot write", "state.safetensors", "--resume"});
  EXPECT_EQ(read_text_file(folder_ / "full/checkpoint/state.safetensors"), before);
  expect_nothing_half_written();
  ASSERT_EQ(run({"train", "--resume", "--out", "full"}).code, 0);
  expect_same_run("full", "whole");
}

}  // namespace
}  // namespace inkling

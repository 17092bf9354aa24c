// The same bits again, and what Ctrl-C leaves.
#include <fstream>

#include "cli/program.h"
#include "store/model_file.h"
#include "store/weights_hash.h"

namespace inkling {
namespace {

class Reproducible : public Program {
 protected:
  Reproducible() { write_tiny(affordable_count()); }

  std::string sha256(const Words& more) const {
    Words options{"--model", "keras", "--epochs", "1"};
    options.insert(options.end(), more.begin(), more.end());
    const Finished finished = train("run", options);
    EXPECT_EQ(finished.code, 0) << finished.err;
    return read_json("run/metrics.json")["weights_sha256"];
  }
};

TEST_F(Reproducible, SameSeedGivesTheSameWeightsFromRunToRunAndOnAnyNumberOfThreads) {
  const std::string first = sha256({});
  EXPECT_EQ(first.size(), 64u);
  EXPECT_EQ(sha256({}), first);
  EXPECT_EQ(sha256({"--threads", "2"}), first);
  EXPECT_EQ(sha256({"--threads", "3"}), first);
  EXPECT_NE(sha256({"--seed", "2"}), first);
}

class Interrupted : public Program {
 protected:
  Interrupted() { write_tiny(affordable_count()); }

  void expect_a_sound_run(const Finished& finished) const {
    EXPECT_EQ(finished.code, 130) << finished.err;
    EXPECT_FALSE(finished.timed_out);
    EXPECT_THAT(finished.err, testing::HasSubstr("interrupted; what was learned is saved in run"));
    const Model model = load_model(folder_ / "run/model.safetensors");
    const nlohmann::json metrics = read_json("run/metrics.json");
    EXPECT_EQ(metrics["weights_sha256"], weights_sha256(tensors_of(*model.net, model.parameters)));
    EXPECT_EQ(metrics["interrupted"], true);
    std::ifstream file(folder_ / "run/history.jsonl");
    size_t lines = 0;
    for (std::string line; std::getline(file, line); ++lines) {
      EXPECT_EQ(nlohmann::json::parse(line)["epoch"], lines + 1);
    }
    EXPECT_EQ(metrics["epochs"], lines);
    expect_nothing_half_written();
    EXPECT_EQ(run({"evaluate", "--model", "run", "--dataset", "tiny"}).code, 0);
  }
};

TEST_F(Interrupted, InTheMiddleOfTrainingTheBestEpochIsKept) {
  RunOptions options;
  options.interrupt_when = [](const Finished& so_far) {
    return so_far.err.find("epoch 3/") != std::string::npos;
  };
  const Finished finished = train("run", {"--epochs", "100000"}, options);
  expect_a_sound_run(finished);
  EXPECT_GE(read_json("run/metrics.json")["best_epoch"], 1);
}

TEST_F(Interrupted, InTheFirstEpochWhatWasLearntIsKept) {
  RunOptions options;
  options.interrupt_when = [&](const Finished&) { return exists("run/recipe.toml"); };
  // One image a step, so that the epoch is long.
  expect_a_sound_run(train("run", {"--model", "cnn3", "--batch", "1", "--epochs", "50"}, options));
}

TEST_F(Interrupted, ThePipelineEndsToo) {
  RunOptions options;
  options.interrupt_when = [](const Finished& so_far) {
    return so_far.err.find("cnn3  epoch 1/") != std::string::npos;
  };
  const Finished finished =
      run({"pipeline", "--dataset", "tiny", "--out", "demo", "--threads", "1"}, options);
  EXPECT_EQ(finished.code, 130) << finished.err;
  EXPECT_THAT(finished.err, testing::HasSubstr("interrupted; what was learned is saved in"));
  EXPECT_TRUE(exists("demo/cnn3/model.safetensors"));
}

}  // namespace
}  // namespace inkling

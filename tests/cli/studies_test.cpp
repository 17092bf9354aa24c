// Several seeds, sweeps, and trainings that begin with trained weights.
#include "cli/program.h"

namespace inkling {
namespace {

using testing::HasSubstr;

class Studies : public Program {
 protected:
  Studies() { write_tiny(affordable_count()); }

  std::filesystem::file_time_type written(const std::string& file) const {
    return std::filesystem::last_write_time(folder_ / file);
  }
  static Words of_tiny(Words words, const Words& more = {}) {
    words.insert(words.end(), {"--dataset", "tiny", "--model", "logistic", "--epochs", "2",
                               "--batch", "32", "--lr", "0.01", "--threads", "1"});
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
};

TEST_F(Studies, SeedsGiveRunsOfTheirOwnAndTheirSpread) {
  const Finished finished =
      run(of_tiny({"train"}, {"--seed", "5", "--seeds", "3", "--out", "s", "--test"}));
  ASSERT_EQ(finished.code, 0) << finished.err;
  for (const char* part :
       {"sd ", "Student's t", "Wilson", "validation accuracy", "test accuracy"}) {
    EXPECT_THAT(finished.out, HasSubstr(part));
  }
  const nlohmann::json study = read_json("s/seeds.json");
  EXPECT_EQ(study["seeds"], 3);
  EXPECT_EQ(study["runs"][2]["seed"], 7);
  EXPECT_EQ(study["test"]["n"], kTestCount);
  ASSERT_EQ(train("alone", {"--seed", "6"}).code, 0);
  EXPECT_EQ(study["runs"][1]["weights_sha256"], read_json("alone/metrics.json")["weights_sha256"]);
}

TEST_F(Studies, SeedsGoOnWhereTheyStopped) {
  ASSERT_EQ(run(of_tiny({"train"}, {"--seeds", "3", "--out", "s"})).code, 0);
  const nlohmann::json before = read_json("s/seeds.json");
  const auto first = written("s/seed-1/model.safetensors");
  std::filesystem::remove(folder_ / "s/seed-2/metrics.json");  // killed before its end
  std::filesystem::remove_all(folder_ / "s/seed-3");
  const Finished finished =
      run({"train", "--resume", "--seeds", "3", "--out", "s", "--threads", "1"});
  ASSERT_EQ(finished.code, 0) << finished.err;
  EXPECT_EQ(written("s/seed-1/model.safetensors"), first);
  nlohmann::json after = read_json("s/seeds.json");
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(after["runs"][i]["weights_sha256"], before["runs"][i]["weights_sha256"]);
  }
  EXPECT_EQ(after["validation"], before["validation"]);
}

// Else it would speak of runs that are there no longer.
TEST_F(Studies, TheSummaryOfAnEarlierOneIsGoneWhereALaterOneFails) {
  const Words seeds = of_tiny({"train"}, {"--seeds", "2", "--out", "s"});
  const Words sweep = of_tiny({"sweep"}, {"--vary", "optimiser=adam", "--out", "w"});
  ASSERT_EQ(run(seeds).code, 0);
  ASSERT_EQ(run(sweep).code, 0);
  for (const char* run_folder : {"s/seed-2", "w/optimiser.name=adam"}) {
    std::filesystem::remove_all(folder_ / run_folder);
    write_file(folder_ / run_folder, "where no run can be");
  }
  expect_failure(run(seeds), 1, {"s/seed-2"});
  expect_failure(run(sweep), 1, {"w/optimiser.name=adam"});
  EXPECT_FALSE(exists("s/seeds.json"));
  EXPECT_FALSE(exists("w/sweep.json"));
}

TEST_F(Studies, ASecondOneIntoTheSameFolderIsRefused) {
  for (const Words& study : {Words{"train", "--seeds", "500"}, Words{"sweep", "--seeds", "500"}}) {
    Words words = of_tiny(study, {"--out", study[0]});
    if (study[0] == "sweep") words.insert(words.end(), {"--vary", "optimiser=adam"});
    const std::string first_run =
        study[0] + (study[0] == "sweep" ? "/optimiser.name=adam" : "") + "/seed-1";
    Finished second;
    RunOptions options;
    options.interrupt_when = [&](const Finished&) {
      if (!exists(first_run + "/metrics.json")) return false;  // later ones are trained now
      const auto before = written(first_run + "/recipe.toml");
      second = run(words);
      EXPECT_EQ(written(first_run + "/recipe.toml"), before);
      return true;
    };
    EXPECT_EQ(run(words, options).code, 130);
    expect_failure(second, 1, {study[0] + ": another process is training into this folder"});
  }
}

TEST_F(Studies, ASweepTriesEveryPointAndChoosesOnValidation) {
  for (const char* file : {"t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"}) {
    write_file(folder_ / "data/tiny" / file, "no IDX file");  // nobody opens it
  }
  const Words words = of_tiny({"sweep", "--out", "w", "--seeds", "2", "--vary", "batch=16,300",
                               "--vary", "optimiser=sgd,adam"});
  const Finished finished = run(words);
  ASSERT_EQ(finished.code, 0) << finished.err;
  const nlohmann::json sweep = read_json("w/sweep.json");
  ASSERT_EQ(sweep["points"].size(), 4u);
  double best = 0;
  for (const auto& point : sweep["points"]) {
    best = std::max(best, point["validation"]["accuracy"]["mean"].get<double>());
    if (point["folder"] == sweep["best"]) {
      EXPECT_EQ(point["fields"].size(), 2u);
    }
    EXPECT_THAT(finished.out, HasSubstr(point["folder"].get<std::string>()));
  }
  for (const auto& point : sweep["points"]) {
    if (point["folder"] == sweep["best"]) {
      EXPECT_EQ(point["validation"]["accuracy"]["mean"], best);
    }
  }
  // The same command again finds everything done.
  const std::string model = "w/batch=16,optimiser.name=sgd/seed-1/model.safetensors";
  const auto before = written(model);
  const Finished again = run(words);
  EXPECT_EQ(again.out, finished.out);
  EXPECT_EQ(written(model), before);
}

TEST_F(Studies, FineTuningBeginsWithTheModelsWeightsAndNormalisation) {
  ASSERT_EQ(train("a", {"--epochs", "10"}).code, 0);
  write_dataset("other", {.images = 100, .classes = 10, .side = 28, .seed = 9}, {.images = 20});
  // A step too small to move anything: the weights are those of the model.
  const Finished finished = run({"train", "--init", "a", "--dataset", "other", "--epochs", "1",
                                 "--lr", "1e-30", "--out", "b", "--threads", "1"});
  ASSERT_EQ(finished.code, 0) << finished.err;
  EXPECT_EQ(read_json("b/metrics.json")["weights_sha256"],
            read_json("a/metrics.json")["weights_sha256"]);
  EXPECT_GT(read_json("b/metrics.json")["accuracy"].get<double>(), 0.8);
  // Its recipe says so and comes out the same.
  const Finished again = run({"train", "--recipe", "b/recipe.toml", "--out", "c"});
  ASSERT_EQ(again.code, 0) << again.err;
  EXPECT_EQ(read_json("c/metrics.json")["weights_sha256"],
            read_json("b/metrics.json")["weights_sha256"]);
}

TEST_F(Studies, ModelsOfAnotherNetworkAreNoBeginning) {
  ASSERT_EQ(train("a", {"--epochs", "1"}).code, 0);
  expect_failure(
      run({"train", "--init", "a", "--model", "keras", "--dataset", "tiny", "--out", "b"}), 1,
      {"a/model.safetensors", "keras", "conv1.weight", "fc1.weight"});
  expect_failure(run({"train", "--init", "none", "--dataset", "tiny", "--out", "b"}), 1,
                 {"--init none", "found nothing"});
  EXPECT_FALSE(exists("b"));
}

}  // namespace
}  // namespace inkling

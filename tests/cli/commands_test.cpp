// What the commands do when all is well, as docs/design.md promises it.
#include <fstream>

#include "cli/program.h"
#include "data/formats/picture.h"
#include "nn/architecture/zoo.h"
#include "support/mnist.h"

namespace inkling {
namespace {

using testing::HasSubstr;

const std::vector<std::string> kMetricsKeys = {
    "dataset",   "split",     "n",   "accuracy",   "accuracy_ci95",  "loss",   "macro",
    "per_class", "confusion", "ece", "parameters", "weights_sha256", "seconds"};
const std::vector<std::string> kTrainingKeys = {"epochs", "best_epoch", "train_seconds",
                                                "images_per_second"};

void expect_keys(const nlohmann::json& object, const std::vector<std::string>& keys) {
  for (const std::string& key : keys) EXPECT_TRUE(object.contains(key)) << key;
}

class Commands : public Program {
 protected:
  Commands() { write_tiny(); }

  std::vector<nlohmann::json> history(const std::string& run) const {
    std::ifstream file(folder_ / run / "history.jsonl");
    std::vector<nlohmann::json> lines;
    for (std::string line; std::getline(file, line);) lines.push_back(nlohmann::json::parse(line));
    return lines;
  }
};

TEST_F(Program, VersionIsPrinted) {
  const Finished finished = run({"--version"});
  EXPECT_EQ(finished.code, 0);
  EXPECT_EQ(finished.out, "inkling " INKLING_VERSION "\n");
}

TEST_F(Program, HelpListsTheCommands) {
  for (const char* word : {"--help", "-h", "help"}) {
    const Finished finished = run({word});
    EXPECT_EQ(finished.code, 0);
    for (const char* command :
         {"pipeline", "train", "evaluate", "compare", "explain", "predict", "read", "models"}) {
      EXPECT_THAT(finished.out, HasSubstr(command));
    }
  }
}

// "  --epochs N [10]      passes over ...": the text begins in column 34 or on the next line.
TEST_F(Program, EveryCommandHasHelpAndEveryOptionAText) {
  for (const char* command : {"pipeline", "train", "evaluate", "compare", "explain", "predict",
                              "read", "models", "info"}) {
    const Finished finished = run({command, "--help"});
    EXPECT_EQ(finished.code, 0);
    EXPECT_EQ(finished.err, "");
    EXPECT_THAT(finished.out, HasSubstr(std::string("inkling ") + command));
    std::istringstream lines(finished.out);
    std::vector<std::string> all;
    for (std::string line; std::getline(lines, line);) all.push_back(line);
    int options = 0;
    for (size_t i = 0; i < all.size(); ++i) {
      const size_t dashes = all[i].find("--");
      if (all[i].starts_with("  inkling ")) continue;  // an example
      if (dashes == std::string::npos || all[i].find_first_not_of(' ') > 5 || all[i][0] != ' ') {
        continue;
      }
      ++options;
      const auto text_of = [](const std::string& line) {
        return line.size() > 34 && line[33] == ' ' && line[34] != ' ';
      };
      EXPECT_TRUE(text_of(all[i]) || (i + 1 < all.size() && text_of(all[i + 1])))
          << command << ": " << all[i];
    }
    EXPECT_GE(options, 2) << command;
  }
}

TEST_F(Program, ModelsListsTheZooWithItsParameters) {
  const Finished finished = run({"models", "--json"});
  ASSERT_EQ(finished.code, 0);
  const nlohmann::json models = nlohmann::json::parse(finished.out);
  std::map<std::string, size_t> parameters;
  for (const auto& model : models) {
    EXPECT_GT(model["flops"].get<double>(), 0);
    parameters[model["name"]] = model["parameters"];
  }
  EXPECT_EQ(parameters.size(), zoo().size());
  EXPECT_EQ(parameters["cnn3"], 905418u);
  EXPECT_EQ(parameters["keras"], 34826u);
  EXPECT_EQ(parameters["logistic"], 7850u);
  EXPECT_THAT(run({"models"}).out, HasSubstr("905,418"));
}

TEST_F(Program, InfoNamesVariantThreadsAndData) {
  write_tiny();
  const Finished finished = run({"info", "--json", "--isa", "generic", "--threads", "2"});
  ASSERT_EQ(finished.code, 0) << finished.err;
  const nlohmann::json info = nlohmann::json::parse(finished.out);
  EXPECT_EQ(info["version"], INKLING_VERSION);
  EXPECT_EQ(info["variant"], "generic");
  EXPECT_EQ(info["threads"], 2);
  EXPECT_TRUE(info["data"]["mnist"].is_null());
}

TEST_F(Commands, TrainingLeavesACompleteRunFolder) {
  const Finished finished = train("runs/a", {"--epochs", "3"});
  ASSERT_EQ(finished.code, 0) << finished.err;
  EXPECT_THAT(finished.out, HasSubstr("validation accuracy"));
  EXPECT_THAT(finished.err, HasSubstr("epoch 3/3"));
  EXPECT_EQ(finished.err.find('\x1b'), std::string::npos);  // no terminal, no colours

  const nlohmann::json metrics = read_json("runs/a/metrics.json");
  expect_keys(metrics, kMetricsKeys);
  expect_keys(metrics, kTrainingKeys);
  EXPECT_EQ(metrics["dataset"], "tiny");
  EXPECT_EQ(metrics["split"], "validation");
  EXPECT_EQ(metrics["n"], kTrainCount / 10);
  EXPECT_EQ(metrics["parameters"], 7850);
  EXPECT_EQ(metrics["epochs"], 3);

  const std::vector<nlohmann::json> lines = history("runs/a");
  ASSERT_EQ(lines.size(), 3u);
  const nlohmann::json& best = lines[metrics["best_epoch"].get<size_t>() - 1];
  EXPECT_EQ(best["val_accuracy"], metrics["accuracy"]);
  EXPECT_EQ(best["val_loss"], metrics["loss"]);

  EXPECT_THAT(read_text_file(folder_ / "runs/a/recipe.toml"), HasSubstr("epochs = 3"));
  EXPECT_TRUE(exists("runs/a/model.safetensors"));
  EXPECT_FALSE(exists("runs/a/metrics-test.json"));  // nobody asked for the test set
  expect_nothing_half_written();
}

TEST_F(Commands, TrainingOpensNoTestFileUnlessAsked) {
  for (const char* file : {"t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"}) {
    write_file(folder_ / "data/tiny" / file, "no IDX file");
  }
  EXPECT_EQ(train("run").code, 0);
  const Finished asked = run({"train", "--dataset", "tiny", "--model", "logistic", "--epochs", "1",
                              "--out", "asked", "--test"});
  EXPECT_EQ(asked.code, 1);
  EXPECT_THAT(asked.err, HasSubstr("t10k-labels-idx1-ubyte"));
}

TEST_F(Commands, TestEvaluatesTheKeptWeightsOnTheTestSet) {
  const Finished finished = run({"train", "--dataset", "tiny", "--model", "logistic", "--epochs",
                                 "2", "--lr", "0.01", "--out", "run", "--test"});
  ASSERT_EQ(finished.code, 0) << finished.err;
  EXPECT_THAT(finished.out, HasSubstr("test accuracy"));
  const nlohmann::json metrics = read_json("run/metrics-test.json");
  expect_keys(metrics, kMetricsKeys);
  EXPECT_EQ(metrics["split"], "test");
  EXPECT_EQ(metrics["n"], kTestCount);
}

TEST_F(Commands, ARunFolderUsedAgainHoldsOnlyTheNewRun) {
  ASSERT_EQ(train("run", {"--epochs", "3"}).code, 0);
  write_file(folder_ / "run/metrics-test.json", "old");
  ASSERT_EQ(train("run", {"--epochs", "1"}).code, 0);
  EXPECT_EQ(history("run").size(), 1u);
  EXPECT_FALSE(exists("run/metrics-test.json"));
}

TEST_F(Commands, EvaluatingTheValidationSplitRepeatsTheTrainingsFigures) {
  ASSERT_EQ(train("run", {"--seed", "5", "--val-fraction", "0.2"}).code, 0);
  const Finished finished = run({"evaluate", "--model", "run", "--dataset", "tiny", "--split",
                                 "validation", "--json", "v.json"});
  ASSERT_EQ(finished.code, 0) << finished.err;
  for (const char* part : {"accuracy", "Wilson", "macro", "precision", "confusion"}) {
    EXPECT_THAT(finished.out, HasSubstr(part));
  }
  const nlohmann::json trained = read_json("run/metrics.json"), evaluated = read_json("v.json");
  expect_keys(evaluated, kMetricsKeys);
  for (const char* key : {"n", "accuracy", "loss", "confusion", "weights_sha256", "split"}) {
    EXPECT_EQ(evaluated[key], trained[key]) << key;
  }
  EXPECT_FALSE(exists("run/metrics-test.json"));
}

TEST_F(Commands, EvaluatingTheRunsTestSetIsKeptInTheRun) {
  ASSERT_EQ(train("run").code, 0);
  ASSERT_EQ(run({"evaluate", "--model", "run"}).code, 0);
  EXPECT_EQ(read_json("run/metrics-test.json")["dataset"], "tiny");
}

TEST_F(Commands, EvaluatingAnotherDatasetLeavesTheRunsTestMetricsAlone) {
  write_dataset("other", {.images = 50, .classes = 10, .side = 28, .seed = 8},
                {.images = 50, .classes = 10, .side = 28, .seed = 9});
  ASSERT_EQ(train("run").code, 0);
  ASSERT_EQ(run({"evaluate", "--model", "run", "--dataset", "tiny"}).code, 0);
  ASSERT_EQ(run({"evaluate", "--model", "run", "--dataset", "other"}).code, 0);
  EXPECT_EQ(read_json("run/metrics-test.json")["dataset"], "tiny");
}

TEST_F(Commands, EvaluatingAnyPairOfFilesNeedsNoDataset) {
  ASSERT_EQ(train("run").code, 0);
  std::filesystem::rename(folder_ / "data/tiny/t10k-images-idx3-ubyte", folder_ / "i");
  std::filesystem::rename(folder_ / "data/tiny/t10k-labels-idx1-ubyte", folder_ / "l");
  const Finished finished = run({"evaluate", "--model", "run/model.safetensors", "--images", "i",
                                 "--labels", "l", "--json", "m.json"});
  ASSERT_EQ(finished.code, 0) << finished.err;
  EXPECT_EQ(read_json("m.json")["n"], kTestCount);
  EXPECT_EQ(read_json("m.json")["split"], "all");
}

TEST_F(Commands, PredictReadsThePicturesOfTheDataset) {
  ASSERT_EQ(train("run", {"--epochs", "20"}).code, 0);
  const Dataset drawn = drawn_dataset({.images = 10, .classes = 10, .side = 28, .seed = 3});
  Words words{"predict", "--model", "run", "--json"};
  for (size_t i = 0; i < drawn.size(); ++i) {
    const std::string name = std::to_string(i) + ".png";
    const auto pixels = drawn.image(i);
    write_file(folder_ / name,
               encode_png({.width = 28, .height = 28, .pixels = {pixels.begin(), pixels.end()}}));
    words.push_back(name);
  }
  const Finished finished = run(words);
  ASSERT_EQ(finished.code, 0) << finished.err;
  std::istringstream lines(finished.out);
  int right = 0, count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    const nlohmann::json prediction = nlohmann::json::parse(line);
    expect_keys(prediction, {"file", "digit", "label", "confidence", "probabilities", "p_refused"});
    EXPECT_EQ(prediction["probabilities"].size(), 10u);
    EXPECT_EQ(prediction["confidence"],
              prediction["probabilities"][prediction["digit"].get<size_t>()]);
    right += prediction["file"] == prediction["label"].get<std::string>() + ".png";
  }
  EXPECT_EQ(count, 10);
  EXPECT_GE(right, 9);
  EXPECT_THAT(run({"predict", "--model", "run", "7.png"}).out, HasSubstr("7.png: "));

  const auto sevens = [&](Words options, const char* model = "run") {
    Words one{"predict", "--model", model, "--json", "7.png"};
    one.insert(one.end(), options.begin(), options.end());
    return nlohmann::json::parse(run(one).out);
  };
  expect_keys(sevens({"--tta"}),
              {"file", "digit", "label", "confidence", "probabilities", "p_refused"});
  EXPECT_NE(sevens({"--tta"})["probabilities"], sevens({})["probabilities"]);

  ASSERT_EQ(train("views", {"--init", "run", "--lr", "1e-30", "--tta", "true"}).code, 0);
  EXPECT_EQ(sevens({}, "views"), sevens({"--tta"}));
  EXPECT_EQ(sevens({"--one-view"}, "views"), sevens({}));
  expect_failure(run({"predict", "--model", "run", "--tta", "--one-view", "7.png"}), 2,
                 {"exclusive"});
}

TEST_F(Commands, DatasetsOfFewerClassesThanTheNetworkWork) {
  write_dataset("four", {.images = 80, .classes = 4, .side = 28},
                {.images = 40, .classes = 4, .side = 28, .seed = 2});
  const Finished finished = train("run", {"--dataset", "four"});
  ASSERT_EQ(finished.code, 0) << finished.err;
  EXPECT_EQ(run({"evaluate", "--model", "run", "--dataset", "four"}).code, 0);
}

TEST_F(Commands, NetworkFilesAreTrainedLikeTheZoos) {
  write_dataset("small", {.images = 120, .side = 8}, {.images = 40, .side = 8, .seed = 2});
  write_file(folder_ / "mine.toml", R"(name = "mine"
input = [8, 8, 1]
classes = 4
layers = [
  { type = "conv", filters = 4, kernel = 3, padding = "same" },
  { type = "relu" },
  { type = "flatten" },
  { type = "dense", units = 4 },
]
)");
  ASSERT_EQ(train("run", {"--dataset", "small", "--model", "mine.toml"}).code, 0);
  const Finished finished = run({"evaluate", "--model", "run", "--dataset", "small"});
  EXPECT_EQ(finished.code, 0) << finished.err;
  EXPECT_THAT(finished.out, HasSubstr("mine on small test (40 images)"));
}

TEST_F(Commands, PipelineTrainsEvaluatesAndCompares) {
  write_tiny(affordable_count());
  const Finished finished =
      run({"pipeline", "--quick", "--dataset", "tiny", "--out", "demo", "--threads", "2"});
  ASSERT_EQ(finished.code, 0) << finished.err;
  EXPECT_THAT(finished.out, HasSubstr("training images of 28x28, 10 classes"));
  EXPECT_THAT(finished.out, HasSubstr("905,418"));
  EXPECT_THAT(finished.out, HasSubstr("7,850"));
  EXPECT_THAT(finished.out, HasSubstr("cnn3 + standard"));
  EXPECT_THAT(finished.out, HasSubstr("/report.html\n"));
  EXPECT_TRUE(exists("demo/comparison.json"));
  EXPECT_TRUE(exists("demo/cnn3/report.html") || exists("demo/cnn3-standard/report.html") ||
              exists("demo/logistic/report.html"));
  for (const char* model : {"logistic", "cnn3", "cnn3-standard"}) {
    const auto run = std::filesystem::path("demo") / model;
    expect_keys(read_json(run / "metrics.json"), kTrainingKeys);
    EXPECT_EQ(read_json(run / "metrics-test.json")["n"], kTestCount);
    EXPECT_TRUE(exists(run / "model.safetensors"));
  }
}

TEST_F(Commands, LogisticLearnsMnist) {
  SKIP_WITHOUT_MNIST();
  RunOptions options;
  options.environment = {{"INKLING_DATA", find_dataset("mnist")->parent_path().string()}};
  options.timeout_s = 500;
  const Finished finished =
      run({"train", "--model", "logistic", "--epochs", "2", "--out", "run"}, options);
  ASSERT_EQ(finished.code, 0) << finished.err;
  EXPECT_GT(read_json("run/metrics.json")["accuracy"].get<double>(), 0.90);
}

TEST_F(Commands, ReadAndPredictNeedNoModel) {
  // Two strokes, far apart: ones.
  Picture page{.width = 160, .height = 100, .channels = 1, .pixels = {}};
  page.pixels.assign(16000, 240);
  for (size_t y = 20; y < 80; ++y) {
    for (const size_t x : {40u, 41u, 42u, 43u, 44u, 45u, 110u, 111u, 112u, 113u, 114u, 115u}) {
      page.pixels[y * 160 + x] = 30;
    }
  }
  write_file(folder_ / "ones.png", encode_png(page));
  const Finished read = run({"read", "--json", "ones.png"});
  ASSERT_EQ(read.code, 0) << read.err;
  const nlohmann::json reading = nlohmann::json::parse(read.out);
  expect_keys(reading, {"file", "text", "confidence", "digits"});
  EXPECT_EQ(reading["text"], "11");
  ASSERT_EQ(reading["digits"].size(), 2u);
  expect_keys(reading["digits"][1], {"digit", "confidence", "box", "row"});
  EXPECT_THAT(run({"read", "ones.png"}).out, HasSubstr("ones.png: 11 ("));
  EXPECT_EQ(run({"predict", "ones.png"}).code, 0);
  const Finished piped = run({"predict", "-"});  // nothing on standard input
  EXPECT_EQ(piped.code, 1);
  EXPECT_THAT(piped.err, HasSubstr("standard input"));
}

}  // namespace
}  // namespace inkling

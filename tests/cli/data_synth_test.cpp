// inkling data synth, and what runs on synthetic digits where there is nothing else.
#include <fstream>

#include "cli/program.h"
#include "data/sources/sources.h"
#include "data/synth/synth.h"

namespace inkling {
namespace {

using testing::HasSubstr;

class DataSynth : public Program {};

TEST_F(DataSynth, WritesADatasetFolderThatIsReadBack) {
  const Finished finished =
      run({"data", "synth", "--count", "120", "--seed", "4", "--out", "data/pen"});
  ASSERT_EQ(finished.code, 0) << finished.err;
  EXPECT_THAT(finished.out, HasSubstr("120 training and 20 test images of 28x28"));
  const Dataset train = load_dataset("pen", Split::kTrain, folder_ / "data");
  const Dataset test = load_dataset("pen", Split::kTest, folder_ / "data");
  EXPECT_EQ(train.bytes(), synthesise_digits(120, 4).bytes());
  EXPECT_EQ(train.labels, synthesise_digits(120, 4).labels);
  EXPECT_EQ(test.bytes(), synthesise_digits(20, 4, {}, kFirstSynthTestIndex).bytes());
  EXPECT_EQ(test.classes, 10);
}

TEST_F(DataSynth, MoreImagesBeginWithTheSameOnesOnAnyNumberOfThreads) {
  ASSERT_EQ(run({"data", "synth", "--count", "60", "--out", "a", "--threads", "1"}).code, 0);
  ASSERT_EQ(run({"data", "synth", "--count", "90", "--out", "b", "--threads", "3"}).code, 0);
  for (const Split split : {Split::kTrain, Split::kTest}) {
    const Dataset few = load_dataset("a", split, folder_.path());
    const Dataset many = load_dataset("b", split, folder_.path());
    ASSERT_LT(few.size(), many.size());
    EXPECT_TRUE(std::equal(few.bytes().begin(), few.bytes().end(), many.bytes().begin()));
  }
}

TEST_F(DataSynth, SizeIsHeightTimesWidth) {
  ASSERT_EQ(run({"data", "synth", "--count", "12", "--out", "a", "--size", "40x24"}).code, 0);
  const Dataset tall = load_dataset("a", Split::kTrain, folder_.path());
  EXPECT_EQ(tall.height, 40);
  EXPECT_EQ(tall.width, 24);
  ASSERT_EQ(run({"data", "synth", "--count", "12", "--out", "b", "--size", "32"}).code, 0);
  EXPECT_EQ(load_dataset("b", Split::kTest, folder_.path()).width, 32);
}

TEST_F(DataSynth, WrongOptionsAreRefusedAndLeaveNothing) {
  const Words line = {"data", "synth", "--out", "a"};
  for (const char* size : {"28x", "x28", "28x28x28", "7", "28x1025", "-28", "a"}) {
    Words words = line;
    words.insert(words.end(), {"--size", size});
    expect_failure(run(words), 2, {"--size", "HEIGHTxWIDTH", size});
  }
  expect_failure(run({"data", "synth", "--out", "a", "--count", "9"}), 2, {"--count", "from 10"});
  expect_failure(run({"data", "synth", "--out", "a", "--count", "10000", "--size", "1024"}), 2,
                 {"--count", "at most 1024 images of 1024x1024"});
  expect_failure(run({"data", "synth"}), 2, {"--out is missing"});
  EXPECT_EQ(folder_.entries(), 0);
}

TEST_F(DataSynth, FolderThatHoldsADatasetIsLeftAlone) {
  write_tiny();
  const auto before = read_file(folder_ / "data/tiny/train-images-idx3-ubyte");
  expect_failure(run({"data", "synth", "--count", "10", "--out", "data/tiny"}), 1,
                 {"--out data/tiny", "train-images-idx3-ubyte"});
  EXPECT_EQ(read_file(folder_ / "data/tiny/train-images-idx3-ubyte"), before);
}

TEST_F(DataSynth, FolderWithTheNameOfTheBuiltInDigitsIsRefused) {
  ASSERT_EQ(run({"data", "synth", "--count", "10", "--out", "data/synthetic"}).code, 0);
  expect_failure(train("run", {"--dataset", "synthetic"}), 1,
                 {"data/synthetic", "built in", "rename"});
}

// A machine without data, whose network refuses every connection.
class WithoutData : public Program {
 protected:
  WithoutData() {
    make_folder(folder_ / "empty");
    options_.timeout_s = 500;
    options_.environment = {{"INKLING_DATA", (folder_ / "empty").string()},
                            {"https_proxy", "http://127.0.0.1:9"},
                            {"HTTPS_PROXY", "http://127.0.0.1:9"},
                            {"all_proxy", "http://127.0.0.1:9"},
                            {"no_proxy", ""}};
  }
  RunOptions options_;
};

TEST_F(WithoutData, NamedDatasetIsAnErrorWithTheRemedy) {
  for (const Words& words : {Words{"train", "--dataset", "mnist", "--out", "run"},
                             Words{"pipeline", "--dataset", "mnist", "--quick", "--out", "run"}}) {
    expect_failure(run(words, options_), 1, {"mnist", "train-images-idx3-ubyte"});
    EXPECT_FALSE(exists("run"));
  }
}

TEST_F(WithoutData, FolderThatWasNamedIsNotReplacedBySyntheticDigits) {
  expect_failure(run({"pipeline", "--data-dir", "empty", "--quick", "--out", "run"}, options_), 1,
                 {"dataset mnist", "--data-dir"});
}

TEST_F(WithoutData, PipelineRunsOnSyntheticDigitsAndSaysSo) {
  if (std::getenv("INKLING_TEST_SAMPLE") != nullptr) GTEST_SKIP() << "trains for minutes";
  const Finished finished = run({"pipeline", "--quick", "--out", "demo"}, options_);
  ASSERT_EQ(finished.code, 0) << finished.err;
  EXPECT_THAT(finished.err, HasSubstr("no MNIST: "));
  EXPECT_THAT(finished.out, HasSubstr("data: synthetic, 60,000 training images"));
  EXPECT_THAT(finished.out, HasSubstr("SYNTHETIC DIGITS"));
  EXPECT_THAT(finished.out, HasSubstr("test set, 10,000 synthetic images"));
  EXPECT_THAT(finished.out, HasSubstr(", on synthetic digits\n"));
  for (const char* model : {"logistic", "cnn3"}) {
    const auto metrics = read_json(std::filesystem::path("demo") / model / "metrics-test.json");
    EXPECT_EQ(metrics["dataset"], "synthetic");
    EXPECT_GT(metrics["accuracy"].get<double>(), 0.5);
  }
  // The run knows what it was trained on.
  const Finished evaluated = run({"evaluate", "--model", "demo/logistic"}, options_);
  EXPECT_EQ(evaluated.code, 0) << evaluated.err;
  EXPECT_THAT(evaluated.out, HasSubstr("logistic on synthetic test (10000 images)"));
}

// How many threads a process has now; 0 where it is no more.
int threads_of(pid_t pid) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  for (std::string word; status >> word;) {
    if (word != "Threads:") continue;
    int threads = 0;
    status >> threads;
    return threads;
  }
  return 0;
}

// On one core this cannot fail.
TEST_F(WithoutData, SyntheticDigitsAreDrawnByTheThreadsAskedFor) {
  write_tiny();
  ASSERT_EQ(train("run").code, 0);
  int most = 0;
  options_.interrupt_when = [&](const Finished& so_far) {
    most = std::max(most, threads_of(so_far.pid));
    return false;
  };
  const Finished one =
      run({"evaluate", "--model", "run", "--dataset", "synthetic", "--threads", "1"}, options_);
  ASSERT_EQ(one.code, 0) << one.err;
  EXPECT_EQ(most, 1);
}

TEST_F(WithoutData, LogisticLearnsSyntheticDigitsFarAboveChance) {
  ASSERT_EQ(run({"data", "synth", "--count", "2000", "--out", "empty/pen"}).code, 0);
  const Finished finished = run({"train", "--model", "logistic", "--dataset", "pen", "--epochs",
                                 "15", "--lr", "0.003", "--out", "run", "--test"},
                                options_);
  ASSERT_EQ(finished.code, 0) << finished.err;
  EXPECT_GT(read_json("run/metrics-test.json")["accuracy"].get<double>(), 0.6);
}

}  // namespace
}  // namespace inkling

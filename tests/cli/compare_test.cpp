// inkling compare.
#include "cli/program.h"

namespace inkling {
namespace {

using testing::HasSubstr;

class Compare : public Program {
 protected:
  Compare() { write_tiny(); }
};

TEST_F(Compare, RunsAreJudgedOnTheSameValidationImages) {
  ASSERT_EQ(train("a").code, 0);
  ASSERT_EQ(train("b", {"--epochs", "1", "--lr", "0.0001"}).code, 0);
  const Finished finished = run({"compare", "a", "b", "--json", "c.json", "--out", "pair"});
  ASSERT_EQ(finished.code, 0) << finished.err;
  EXPECT_THAT(finished.out, HasSubstr("tiny validation, 30 images"));
  EXPECT_THAT(finished.out, HasSubstr("a against b"));
  const nlohmann::json c = read_json("c.json");
  EXPECT_EQ(c, read_json("pair/comparison.json"));
  EXPECT_EQ(c["split"], "validation");
  ASSERT_EQ(c["runs"].size(), 2u);
  EXPECT_EQ(c["runs"][0]["run"], "a");
  EXPECT_EQ(c["runs"][0]["accuracy"], read_json("a/metrics.json")["accuracy"]);
  EXPECT_EQ(c["runs"][1]["train_seconds"], read_json("b/metrics.json")["train_seconds"]);
  EXPECT_EQ(c["runs"][0]["parameters"], 7850);
  EXPECT_GT(c["runs"][0]["latency_us"], 0);
  const auto& pair = c["pairs"].at(0);
  EXPECT_GE(pair["differing"].size(), pair["only_first_right"].get<size_t>());
  EXPECT_FALSE(pair["differing"].empty());
}

TEST_F(Compare, ARunAgainstItselfFindsNoDifference) {
  ASSERT_EQ(train("a").code, 0);
  ASSERT_EQ(run({"compare", "a", "a", "--split", "test", "--json", "c.json"}).code, 0);
  const nlohmann::json c = read_json("c.json");
  EXPECT_EQ(c["split"], "test");
  EXPECT_EQ(c["n"], kTestCount);
  EXPECT_EQ(c["pairs"][0]["p"], 1);
  EXPECT_TRUE(c["pairs"][0]["differing"].empty());
}

TEST_F(Compare, EachAnswersInItsOwnWay) {
  ASSERT_EQ(train("one").code, 0);
  ASSERT_EQ(train("views", {"--tta", "true"}).code, 0);
  const Finished finished = run({"compare", "one", "views", "--json", "c.json"});
  ASSERT_EQ(finished.code, 0) << finished.err;
  EXPECT_THAT(finished.out, HasSubstr("logistic, 9 views"));
  const nlohmann::json runs = read_json("c.json")["runs"];
  EXPECT_FALSE(runs[0].contains("tta"));
  EXPECT_EQ(runs[1]["tta"], 9);
  EXPECT_EQ(runs[1]["loss"], read_json("views/metrics.json")["loss"]);
  EXPECT_NE(runs[1]["loss"], runs[0]["loss"]);
  EXPECT_EQ(runs[1]["flops"], 9 * runs[0]["flops"].get<double>());
  EXPECT_GT(runs[1]["latency_us"], runs[0]["latency_us"]);
}

TEST_F(Compare, ImagesSetAsideAreJudgedInNoRun) {
  ASSERT_EQ(train("a").code, 0);
  std::string list;
  for (int i = 0; i < kTestCount - 40; ++i) list += std::to_string(i) + "\n";
  write_file(folder_ / "aside.txt", list);
  const Finished finished = run({"compare", "a", "a", "--split", "test", "--set-aside", "aside.txt",
                                 "--json", "c.json", "--out", "pair"});
  ASSERT_EQ(finished.code, 0) << finished.err;
  EXPECT_THAT(finished.out, HasSubstr("tiny test, 40 images"));
  EXPECT_THAT(finished.out, HasSubstr("60 more set aside by aside.txt: not evaluated"));
  const nlohmann::json c = read_json("c.json");
  EXPECT_EQ(c["set_aside"], nlohmann::json({{"file", "aside.txt"}, {"n", kTestCount - 40}}));
  EXPECT_EQ(c["n"], 40);
  for (const nlohmann::json& one : c["runs"]) EXPECT_EQ(one["n"], 40);

  ASSERT_EQ(run({"evaluate", "--model", "a", "--set-aside", "aside.txt", "--json", "e.json"}).code,
            0);
  EXPECT_EQ(c["runs"][0]["accuracy"], read_json("e.json")["accuracy"]);
  ASSERT_EQ(run({"report", "a", "--comparison", "pair"}).code, 0);
  EXPECT_THAT(read_text_file(folder_ / "a/report.html"), HasSubstr("(60 more set aside)"));
  expect_failure(run({"compare", "a", "a", "--split", "test", "--set-aside", "nowhere"}), 1,
                 {"nowhere"});
}

TEST_F(Compare, WithoutBeingAskedNoTestFileIsRead) {
  ASSERT_EQ(train("a").code, 0);
  std::filesystem::remove(folder_ / "data/tiny/t10k-images-idx3-ubyte");
  EXPECT_EQ(run({"compare", "a", "a"}).code, 0);
  EXPECT_EQ(run({"compare", "a", "a", "--split", "test"}).code, 1);
}

TEST_F(Compare, RunsThatCannotBeComparedAreRefused) {
  ASSERT_EQ(train("a").code, 0);
  expect_failure(run({"compare", "a"}), 2, {"at least two runs", "found 1"});
  expect_failure(run({"compare", "a", "nowhere"}), 1, {"nowhere"});

  ASSERT_EQ(train("seed", {"--seed", "2"}).code, 0);
  expect_failure(run({"compare", "a", "seed"}), 2, {"a and seed", "validation", "--split test"});
  EXPECT_EQ(run({"compare", "a", "seed", "--split", "test"}).code, 0);

  ASSERT_EQ(train("whole", {"--val-fraction", "0"}).code, 0);
  expect_failure(run({"compare", "whole", "whole"}), 2, {"whole", "no images for validation"});

  write_dataset("other", {.images = 100, .classes = 10, .side = 28, .seed = 3},
                {.images = 20, .classes = 10, .side = 28, .seed = 4});
  ASSERT_EQ(train("other", {"--dataset", "other"}).code, 0);
  expect_failure(run({"compare", "a", "other"}), 2, {"tiny", "other", "--dataset"});
  EXPECT_EQ(run({"compare", "a", "other", "--dataset", "tiny", "--split", "test"}).code, 0);
}

TEST_F(Compare, OtherClassesAreRefused) {
  ASSERT_EQ(train("a").code, 0);
  write_file(folder_ / "few.toml",
             "name = \"few\"\ninput = [28, 28, 1]\nclasses = 4\n"
             "layers = [{type = \"flatten\"}, {type = \"dense\", units = 4}]\n");
  write_dataset("four", {.images = 40, .classes = 4, .side = 28, .seed = 3},
                {.images = 8, .classes = 4, .side = 28, .seed = 4});
  write_file(folder_ / "data/four/classes.txt", "0\n1\n2\n3\n");
  ASSERT_EQ(train("four", {"--dataset", "four", "--model", "few.toml"}).code, 0);
  expect_failure(run({"compare", "a", "four"}), 1, {"four", "expected the 10 classes", "found 4"});

  write_dataset("named", {.images = 40, .classes = 10, .side = 28, .seed = 3},
                {.images = 8, .classes = 10, .side = 28, .seed = 4});
  write_file(folder_ / "data/named/classes.txt", "0\n1\n2\nthree\n4\n5\n6\n7\n8\n9\n");
  ASSERT_EQ(train("named", {"--dataset", "named"}).code, 0);
  expect_failure(run({"compare", "a", "named"}), 1, {"class 3", "\"3\"", "\"three\""});
}

}  // namespace
}  // namespace inkling

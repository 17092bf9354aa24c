// What inkling evaluate says beyond metrics: calibration, temperature, robustness.
#include "cli/program.h"

namespace inkling {
namespace {

using testing::HasSubstr;

class Evaluate : public Program {
 protected:
  Evaluate() { write_tiny(); }
};

TEST_F(Evaluate, FitsTheTemperatureOnTheRunsValidationImages) {
  ASSERT_EQ(train("a").code, 0);
  const Finished finished = run({"evaluate", "--model", "a", "--json", "e.json"});
  ASSERT_EQ(finished.code, 0) << finished.err;
  EXPECT_THAT(finished.out, HasSubstr("fitted on 30 validation images"));
  EXPECT_THAT(finished.out, HasSubstr("rejecting    the least confident"));
  const nlohmann::json e = read_json("e.json");
  EXPECT_EQ(e["n"], kTestCount);
  EXPECT_EQ(e["calibration"]["temperature"]["n"], 30);
  EXPECT_LE(e["calibration"]["temperature"]["validation_loss_after"],
            e["calibration"]["temperature"]["validation_loss_before"]);
  EXPECT_EQ(e["calibration"]["ece"], e["ece"]);
  EXPECT_FALSE(e.contains("robustness"));
  EXPECT_EQ(e, read_json("a/metrics-test.json"));

  ASSERT_EQ(run({"evaluate", "--model", "a", "--split", "validation", "--json", "v.json"}).code, 0);
  const nlohmann::json v = read_json("v.json");
  EXPECT_EQ(v["calibration"]["temperature"]["temperature"],
            e["calibration"]["temperature"]["temperature"]);
}

TEST_F(Evaluate, WithoutValidationImagesFitsNoTemperature) {
  ASSERT_EQ(train("a", {"--val-fraction", "0"}).code, 0);
  ASSERT_EQ(run({"evaluate", "--model", "a", "--json", "e.json"}).code, 0);
  EXPECT_TRUE(read_json("e.json")["calibration"]["temperature"].is_null());
}

TEST_F(Evaluate, WithoutTheTrainingFileWarnsAndStillEvaluates) {
  ASSERT_EQ(train("a").code, 0);
  std::filesystem::remove(folder_ / "data/tiny/train-images-idx3-ubyte");
  const Finished finished = run({"evaluate", "--model", "a", "--json", "e.json"});
  ASSERT_EQ(finished.code, 0) << finished.err;
  EXPECT_THAT(finished.err, HasSubstr("warning: no temperature is fitted"));
  EXPECT_TRUE(read_json("e.json")["calibration"]["temperature"].is_null());
}

// As /dev/stdout, which is a link to it.
TEST_F(Evaluate, JsonGoesWhereStandardOutputGoes) {
  ASSERT_EQ(train("a").code, 0);
  const Words evaluate = {"evaluate", "--model", "a", "--json", "/proc/self/fd/1"};
  RunOptions into_file;
  into_file.stdout_to = (folder_ / "said").string();
  write_file(into_file.stdout_to, "");
  const Finished piped = run(evaluate), filed = run(evaluate, into_file);
  EXPECT_EQ(piped.code, 0) << piped.err;
  EXPECT_EQ(filed.code, 0) << filed.err;
  for (const std::string& said : {piped.out, read_text_file(into_file.stdout_to)}) {
    const size_t end = said.find("\n}\n");
    ASSERT_NE(end, std::string::npos) << said;
    EXPECT_EQ(nlohmann::json::parse(said.substr(0, end + 2))["n"], kTestCount);
    EXPECT_THAT(said.substr(end + 3), HasSubstr("accuracy"));
  }
}

TEST_F(Evaluate, RobustnessComesWhenAsked) {
  ASSERT_EQ(train("a").code, 0);
  const Finished finished = run({"evaluate", "--model", "a", "--robustness", "--json", "e.json"});
  ASSERT_EQ(finished.code, 0) << finished.err;
  EXPECT_THAT(finished.out, HasSubstr("MNIST-C-style"));
  const nlohmann::json e = read_json("e.json");
  EXPECT_EQ(e["robustness"]["n"], kTestCount);
  EXPECT_EQ(e["robustness"]["clean"], e["accuracy"]);
  EXPECT_EQ(e["robustness"]["corruptions"].size(), 15u);
}

TEST_F(Evaluate, ImagesSetAsideAreNotEvaluated) {
  ASSERT_EQ(train("a").code, 0);
  ASSERT_EQ(run({"evaluate", "--model", "a", "--json", "all.json"}).code, 0);
  const std::string own = read_text_file(folder_ / "a/metrics-test.json");
  std::string list = "# the later half\n";
  for (int i = kTestCount / 2; i < kTestCount; ++i) list += std::to_string(i) + "\n";
  write_file(folder_ / "aside.txt", list);
  const Finished finished =
      run({"evaluate", "--model", "a", "--set-aside", "aside.txt", "--json", "half.json"});
  ASSERT_EQ(finished.code, 0) << finished.err;
  EXPECT_THAT(finished.out, HasSubstr("(50 images)\n50 more set aside by aside.txt"));
  const nlohmann::json all = read_json("all.json"), half = read_json("half.json");
  EXPECT_FALSE(all.contains("set_aside"));
  EXPECT_EQ(half["set_aside"], nlohmann::json({{"file", "aside.txt"}, {"n", 50}}));
  EXPECT_EQ(half["n"], 50);
  EXPECT_LT(half["per_class"][3]["support"], all["per_class"][3]["support"]);
  EXPECT_EQ(read_text_file(folder_ / "a/metrics-test.json"), own);
}

TEST_F(Evaluate, ViewsAreAveragedWhenAsked) {
  ASSERT_EQ(train("a").code, 0);
  ASSERT_EQ(run({"evaluate", "--model", "a", "--json", "one.json"}).code, 0);
  const std::string own = read_text_file(folder_ / "a/metrics-test.json");
  const Finished finished =
      run({"evaluate", "--model", "a", "--tta", "--threads", "1", "--json", "views.json"});
  ASSERT_EQ(finished.code, 0) << finished.err;
  EXPECT_THAT(finished.out,
              HasSubstr("(100 images)\npredictions: the mean over 9 views of each image\n"));
  nlohmann::json one = read_json("one.json"), views = read_json("views.json");
  EXPECT_FALSE(one.contains("tta"));
  EXPECT_EQ(views["tta"], 9);
  EXPECT_NE(views["loss"], one["loss"]);
  EXPECT_NE(views["calibration"]["temperature"]["temperature"],
            one["calibration"]["temperature"]["temperature"]);
  EXPECT_EQ(read_text_file(folder_ / "a/metrics-test.json"), own);

  ASSERT_EQ(run({"evaluate", "--model", "a", "--tta", "--threads", "3", "--json", "3.json"}).code,
            0);
  nlohmann::json three = read_json("3.json");
  for (nlohmann::json* json : {&views, &three}) json->erase("seconds");
  EXPECT_EQ(three, views);
}

// The same weights from a recipe with tta: whoever uses them answers by views, unless told.
TEST_F(Evaluate, ViewsAreTheWayOfARecipeThatSaysSo) {
  const auto trained = [&](const char* out, const char* tta) {
    return run({"train", "--dataset", "tiny", "--model", "logistic", "--epochs", "2", "--threads",
                "1", "--out", out, "--tta", tta, "--test"});
  };
  ASSERT_EQ(trained("plain", "false").code, 0);
  const Finished finished = trained("views", "true");
  ASSERT_EQ(finished.code, 0) << finished.err;
  EXPECT_THAT(finished.out, HasSubstr(", mean of 9 views\n"));
  const nlohmann::json kept = read_json("views/metrics-test.json");
  EXPECT_EQ(kept["weights_sha256"], read_json("plain/metrics-test.json")["weights_sha256"]);
  EXPECT_EQ(kept["tta"], 9);
  EXPECT_EQ(read_json("views/metrics.json")["tta"], 9);

  const auto evaluated = [&](const char* model, Words options) {
    Words words{"evaluate", "--model", model, "--json", "m.json"};
    words.insert(words.end(), options.begin(), options.end());
    EXPECT_EQ(run(words).code, 0);
    nlohmann::json json = read_json("m.json");
    json.erase("seconds");
    return json;
  };
  const nlohmann::json own = evaluated("views", {});
  EXPECT_EQ(own["loss"], kept["loss"]);
  EXPECT_EQ(own, evaluated("plain", {"--tta"}));
  EXPECT_EQ(evaluated("views", {"--tta"}), own);
  const std::string written = read_text_file(folder_ / "views/metrics-test.json");
  EXPECT_EQ(evaluated("views", {"--one-view"}), evaluated("plain", {}));
  EXPECT_EQ(evaluated("plain", {"--one-view"}), evaluated("plain", {}));
  EXPECT_EQ(read_text_file(folder_ / "views/metrics-test.json"), written);
  expect_failure(run({"evaluate", "--model", "views", "--tta", "--one-view"}), 2, {"exclusive"});
}

TEST_F(Evaluate, ViewsOfWorsePicturesAreRefused) {
  ASSERT_EQ(train("a").code, 0);
  ASSERT_EQ(train("views", {"--tta", "true", "--epochs", "1"}).code, 0);
  expect_failure(run({"evaluate", "--model", "views", "--robustness"}), 2,
                 {"--robustness", "add --one-view"});
  expect_failure(run({"evaluate", "--model", "a", "--tta", "--robustness"}), 2,
                 {"--robustness", "leave out --tta"});
}

TEST_F(Evaluate, OfValidationOnlyItsOwnImagesCountAsSetAside) {
  ASSERT_EQ(train("a").code, 0);
  std::string list;
  for (int i = 0; i < kTrainCount; i += 2) list += std::to_string(i) + "\n";
  write_file(folder_ / "even.txt", list);
  const Finished finished = run({"evaluate", "--model", "a", "--split", "validation", "--set-aside",
                                 "even.txt", "--json", "odd.json"});
  ASSERT_EQ(finished.code, 0) << finished.err;
  const nlohmann::json odd = read_json("odd.json");
  EXPECT_EQ(odd["n"].get<int>() + odd["set_aside"]["n"].get<int>(), 30);
  EXPECT_GT(odd["set_aside"]["n"], 0);
}

TEST_F(Evaluate, AListThatIsNoneIsRefusedByFileAndLine) {
  ASSERT_EQ(train("a").code, 0);
  const auto expect_refused = [&](const std::string& list,
                                  std::initializer_list<const char*> parts) {
    write_file(folder_ / "list.txt", list);
    expect_failure(run({"evaluate", "--model", "a", "--set-aside", "list.txt"}), 1, parts);
  };
  expect_refused("3\nx\n", {"list.txt:2: expected the index of an image, 0 to 99, found \"x\""});
  expect_refused("100\n", {"list.txt:1: expected", "0 to 99, found \"100\""});
  expect_refused("3\n4\n3\n", {"list.txt:3: expected each index once, found 3 of line 1 again"});
  std::string all;
  for (int i = 0; i < kTestCount; ++i) all += std::to_string(i) + "\n";
  expect_refused(all, {"list.txt", "none is left to evaluate"});
  std::filesystem::remove(folder_ / "list.txt");
  expect_failure(run({"evaluate", "--model", "a", "--set-aside", "list.txt"}), 1,
                 {"list.txt", "No such file"});
  EXPECT_FALSE(exists("a/metrics-test.json"));
}

}  // namespace
}  // namespace inkling

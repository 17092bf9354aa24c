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
  EXPECT_THAT(finished.out, HasSubstr("refusing     the least sure"));
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

TEST_F(Evaluate, WhereTheTrainingFileIsGoneWarnsAndJudgesAllTheSame) {
  ASSERT_EQ(train("a").code, 0);
  std::filesystem::remove(folder_ / "data/tiny/train-images-idx3-ubyte");
  const Finished finished = run({"evaluate", "--model", "a", "--json", "e.json"});
  ASSERT_EQ(finished.code, 0) << finished.err;
  EXPECT_THAT(finished.err, HasSubstr("warning: no temperature is fitted"));
  EXPECT_TRUE(read_json("e.json")["calibration"]["temperature"].is_null());
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

}  // namespace
}  // namespace inkling

// inkling ensemble: several trained models made one, and that one used.
#include "cli/program.h"

namespace inkling {
namespace {

class EnsembleCommand : public Program {
 protected:
  EnsembleCommand() { write_tiny(); }
};

TEST_F(EnsembleCommand, MakesOneModelThatIsUsedLikeAnyOther) {
  ASSERT_EQ(train("runs", {"--seeds", "2", "--val-fraction", "0.2"}).code, 0);
  const Finished made =
      run({"ensemble", "runs/seed-1", "runs/seed-2", "--out", "both", "--name", "two"});
  ASSERT_EQ(made.code, 0) << made.err;
  // Two of 7,850 and four numbers: their splits differ, so do their pixels' mean and deviation.
  EXPECT_EQ(made.out,
            "both/model.safetensors: 2 networks, 15,704 parameters, 0.03 MFLOP per image\n");
  expect_failure(run({"report", "both"}), 1,
                 {"both: an ensemble", "inkling evaluate --model both"});
  const Finished evaluated = run({"evaluate", "--model", "both", "--json", "both.json"});
  ASSERT_EQ(evaluated.code, 0) << evaluated.err;
  EXPECT_THAT(evaluated.out, testing::HasSubstr("two on tiny test (100 images)"));
  EXPECT_EQ(read_json("both.json")["parameters"], 15'704);
  const Finished compared = run({"compare", "both", "runs/seed-1", "--split", "test"});
  EXPECT_EQ(compared.code, 0) << compared.err;
  expect_failure(run({"evaluate", "--model", "both", "--split", "validation"}), 1,
                 {"both/recipe.toml is missing", "ensemble", "kept for validation"});
  const Finished reported = run({"report", "both"});
  EXPECT_EQ(reported.code, 0) << reported.err;
  const std::string page = read_text_file(folder_ / "both/report.html");
  EXPECT_THAT(
      page, testing::HasSubstr("mean probabilities of its 2 networks: runs/seed-1, runs/seed-2."));
  EXPECT_THAT(page,
              testing::HasSubstr("inkling ensemble runs/seed-1 runs/seed-2 --out both-again"));
  EXPECT_THAT(page, testing::Not(testing::HasSubstr("with everything that decided the training")));
}

TEST_F(EnsembleCommand, KeepsNoTestResultsOfTheEnsembleBefore) {
  ASSERT_EQ(train("runs", {"--seeds", "3"}).code, 0);
  ASSERT_EQ(run({"ensemble", "runs/seed-1", "runs/seed-2", "--out", "both"}).code, 0);
  ASSERT_EQ(run({"evaluate", "--model", "both"}).code, 0);
  ASSERT_EQ(run({"report", "both"}).code, 0);
  ASSERT_EQ(run({"ensemble", "runs/seed-1", "runs/seed-3", "--out", "both"}).code, 0);
  EXPECT_FALSE(exists("both/metrics-test.json"));
  EXPECT_FALSE(exists("both/report.html"));
  EXPECT_FALSE(exists("both/figures/confusion_matrix.svg"));
  expect_failure(run({"report", "both"}), 1, {"its test set was not read"});
}

TEST_F(EnsembleCommand, TeachesOneNetwork) {
  ASSERT_EQ(train("runs", {"--seeds", "2"}).code, 0);
  ASSERT_EQ(run({"ensemble", "runs/seed-1", "runs/seed-2", "--out", "both"}).code, 0);
  const Finished taught = train("one", {"--distil-teacher", "both", "--distil-share", "1"});
  ASSERT_EQ(taught.code, 0) << taught.err;
  EXPECT_THAT(
      read_text_file(folder_ / "one/recipe.toml"),
      testing::AllOf(testing::HasSubstr("teacher = 'both'"), testing::HasSubstr("[distil]")));
  ASSERT_EQ(train("alone").code, 0);
  EXPECT_NE(read_json("one/metrics.json")["weights_sha256"],
            read_json("alone/metrics.json")["weights_sha256"]);
  expect_failure(train("two", {"--distil-teacher", "nowhere"}), 1, {"--distil-teacher", "nowhere"});
}

TEST_F(EnsembleCommand, WhatCannotBeIsRefused) {
  ASSERT_EQ(train("run").code, 0);
  expect_failure(run({"ensemble"}), 2, {"MODEL"});
  expect_failure(run({"ensemble", "run"}), 2, {"at least two models, found 1"});
  expect_failure(run({"ensemble", "run", "nowhere"}), 1, {"nowhere"});
  expect_failure(run({"ensemble", "run", "run", "--out", "run"}), 2, {"--out", "run holds a run"});
}

}  // namespace
}  // namespace inkling

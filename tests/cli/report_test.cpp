// inkling report on runs of a test's own. What the page says is tested in tests/report, how it
// looks in tests/web.
#include "cli/program.h"

namespace inkling {
namespace {

using testing::HasSubstr;

// A page is long: what fails names the text, not the page.
testing::AssertionResult says(const std::string& page, const std::string& text) {
  if (page.find(text) != std::string::npos) return testing::AssertionSuccess();
  return testing::AssertionFailure() << "a page without: " << text;
}

TEST_F(Program, ReportSpeaksOfValidationUntilTheTestSetWasRead) {
  write_tiny();
  ASSERT_EQ(train("run").code, 0);
  const Finished finished = run({"report", "run"});
  ASSERT_EQ(finished.code, 0) << finished.err;
  EXPECT_THAT(finished.out, HasSubstr("validation images; run/report.html"));
  EXPECT_TRUE(says(read_text_file(folder_ / "run/report.html"), "the test set was not read"));
  ASSERT_EQ(run({"evaluate", "--model", "run"}).code, 0);
  ASSERT_EQ(run({"report", "run"}).code, 0);
  const std::string page = read_text_file(folder_ / "run/report.html");
  EXPECT_TRUE(says(page, "of the test images right"));
  EXPECT_TRUE(says(page, "id=\"inside\""));
}

TEST_F(Program, ReportFindsInspectionAndComparisonBesideTheRun) {
  write_tiny();
  ASSERT_EQ(train("all/a").code, 0);
  ASSERT_EQ(train("all/b", {"--epochs", "1"}).code, 0);
  ASSERT_EQ(run({"inspect", "--dataset", "tiny", "--no-suspects", "--out", "all/data"}).code, 0);
  ASSERT_EQ(run({"compare", "all/a", "all/b", "--out", "all"}).code, 0);
  const Finished finished = run({"report", "all/a"});
  ASSERT_EQ(finished.code, 0) << finished.err;
  const std::string page = read_text_file(folder_ / "all/a/report.html");
  EXPECT_TRUE(says(page, "id=\"data\""));
  EXPECT_TRUE(says(page, "id=\"comparison\""));
}

TEST_F(Program, ReportIsWholeWithoutGnuplot) {
  write_tiny();
  ASSERT_EQ(train("run").code, 0);
  RunOptions options;
  options.environment = {{"PATH", folder_.path().string()}};
  const Finished finished = run({"report", "run"}, options);
  EXPECT_EQ(finished.code, 0);
  EXPECT_THAT(finished.err, HasSubstr("gnuplot-nox"));
  const std::string page = read_text_file(folder_ / "run/report.html");
  EXPECT_TRUE(says(page, "popovertarget"));
  EXPECT_FALSE(says(page, "image/svg+xml"));
}

TEST_F(Program, ReportRefusesWhatIsNoRun) {
  write_tiny();
  const Finished missing = run({"report", "nowhere"});
  EXPECT_EQ(missing.code, 1);
  EXPECT_THAT(missing.err, HasSubstr("nowhere"));
  ASSERT_EQ(train("run").code, 0);
  write_file(folder_ / "run/metrics.json", std::string("{"));
  const Finished broken = run({"report", "run"});
  EXPECT_EQ(broken.code, 1);
  EXPECT_THAT(broken.err, HasSubstr("run/metrics.json"));
  EXPECT_FALSE(exists("run/report.html"));
}

TEST_F(Program, EvaluateDrawsWhereAsked) {
  write_tiny();
  ASSERT_EQ(train("run").code, 0);
  const Finished finished = run({"evaluate", "--model", "run", "--out", "judged"});
  ASSERT_EQ(finished.code, 0) << finished.err;
  EXPECT_EQ(read_json("judged/metrics.json")["n"], kTestCount);
  EXPECT_TRUE(exists("judged/figures"));
}

}  // namespace
}  // namespace inkling

// inkling report on runs of a test's own. What the page says is tested in tests/report, how it
// looks in tests/web.
#include <set>

#include "cli/program.h"
#include "train/recipe/recipe_file.h"
#include "train/training_split.h"

namespace inkling {
namespace {

using testing::HasSubstr;

// A page is long: what fails names the text, not the page.
testing::AssertionResult says(const std::string& page, const std::string& text) {
  if (page.find(text) != std::string::npos) return testing::AssertionSuccess();
  return testing::AssertionFailure() << "a page without: " << text;
}

TEST_F(Program, ReportShowsValidationUntilTheTestSetWasRead) {
  write_tiny();
  ASSERT_EQ(train("run").code, 0);
  const Finished finished = run({"report", "run"});
  ASSERT_EQ(finished.code, 0) << finished.err;
  EXPECT_THAT(finished.out, HasSubstr("validation images; run/report.html"));
  EXPECT_TRUE(says(read_text_file(folder_ / "run/report.html"), "the test set was not read"));
  ASSERT_EQ(run({"evaluate", "--model", "run"}).code, 0);
  ASSERT_EQ(run({"report", "run"}).code, 0);
  const std::string page = read_text_file(folder_ / "run/report.html");
  EXPECT_TRUE(says(page, "of the test images correctly"));
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

// What it learned from is what its recipe trained on: not validation images, nor those beyond the
// limit.
TEST_F(Program, ReportShowsNoTrainingImageItWasNotTrainedOn) {
  write_tiny();
  ASSERT_EQ(train("run", {"--limit", "20", "--epochs", "1"}).code, 0);
  ASSERT_EQ(run({"report", "run"}).code, 0);
  const std::string page = read_text_file(folder_ / "run/report.html");
  EXPECT_TRUE(says(page, "the nearest of 20 training images"));
  const Dataset tiny = drawn_dataset({.images = kTrainCount, .classes = 10, .side = 28, .seed = 1});
  const std::vector<uint32_t> trained =
      training_split(read_recipe(folder_ / "run/recipe.toml").recipe, tiny).train;
  const std::set<uint32_t> learned(trained.begin(), trained.end());
  const std::string neighbours = "class=\"neighbours\"", image = "alt=\"training image ";
  size_t shown = 0;
  for (size_t at = 0; (at = page.find(neighbours, at)) != std::string::npos;) {
    const size_t end = page.find("</div>", at);
    while ((at = page.find(image, at)) < end) {
      const unsigned long index = std::stoul(page.substr(at + image.size(), 10));
      EXPECT_TRUE(learned.contains(static_cast<uint32_t>(index))) << index;
      ++shown;
      ++at;
    }
    at = end;
  }
  EXPECT_GT(shown, 0u);
}

// Whatever lies beside a run may have been made or changed by others.
TEST_F(Program, ReportNamesTheFileThatIsNotAsInklingWritesIt) {
  write_tiny();
  ASSERT_EQ(train("all/a").code, 0);
  ASSERT_EQ(train("all/b", {"--epochs", "1"}).code, 0);
  ASSERT_EQ(run({"compare", "all/a", "all/b", "--out", "all"}).code, 0);
  ASSERT_EQ(run({"evaluate", "--model", "all/a"}).code, 0);
  ASSERT_EQ(run({"report", "all/a"}).code, 0);
  // Puts `document` into the file, expects it to be named, and puts the file back.
  const auto expect_named = [&](const std::string& file, const std::string& document) {
    SCOPED_TRACE(document);
    const bool was_there = exists(file);
    const std::string before = was_there ? read_text_file(folder_ / file) : "";
    make_folder((folder_ / file).parent_path());
    write_file(folder_ / file, document);
    expect_failure(run({"report", "all/a"}), 1, {file});
    if (was_there) {
      write_file(folder_ / file, before);
    } else {
      std::filesystem::remove(folder_ / file);
    }
  };
  for (const char* document :
       {R"({"dataset": 5})", R"({"dataset": "tiny", "findings": [7]})",
        R"({"dataset": "tiny", "findings": [{"severity": 3}]})",
        R"({"dataset": "tiny", "splits": {"train": {"n": "many"}}})", R"({"dataset": )"}) {
    expect_named("all/data/inspect.json", document);
  }
  for (const char* document :
       {R"({"dataset": 5})", R"({"dataset": "tiny", "runs": [5], "pairs": []})",
        R"({"dataset": "tiny", "runs": [{"run": 5}], "pairs": []})",
        R"({"dataset": "tiny", "runs": [{"run": "all/a"}], "pairs": []})",
        R"({"dataset": "tiny", "runs": [{"run": "all/a", "n": 1, "accuracy": 1,
            "accuracy_ci95": 7, "parameters": 1, "flops": 1, "latency_us": 1}], "pairs": []})",
        R"({"dataset": "tiny", "runs": [{"run": "all/a", "n": 1, "accuracy": 1,
            "accuracy_ci95": [0, 1], "parameters": 1, "flops": 1, "latency_us": 1}],
            "pairs": [{"first": 1}]})"}) {
    expect_named("all/comparison.json", document);
  }
  nlohmann::json metrics = read_json("all/a/metrics-test.json");
  for (const char* robustness : {R"({"n": 5})", R"({"n": "x"})"}) {
    metrics["robustness"] = nlohmann::json::parse(robustness);
    expect_named("all/a/metrics-test.json", metrics.dump());
  }
  EXPECT_EQ(run({"report", "all/a"}).code, 0);
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

// An older figure of what was not measured this time would be taken for this one's.
TEST_F(Program, FiguresOfWhatWasNotMeasuredAreGone) {
  write_tiny();
  ASSERT_EQ(train("run").code, 0);
  const std::vector<std::string> old = {
      "evaluated/figures/robustness.svg", "evaluated/figures/robustness_curves.png",
      "run/figures/robustness.svg", "data/figures/suspect_labels.svg"};
  for (const std::string& file : old) {
    make_folder((folder_ / file).parent_path());
    write_file(folder_ / file, "drawn before");
  }
  ASSERT_EQ(run({"evaluate", "--model", "run", "--out", "evaluated"}).code, 0);
  ASSERT_EQ(run({"report", "run"}).code, 0);
  ASSERT_EQ(run({"inspect", "--dataset", "tiny", "--no-suspects", "--out", "data"}).code, 0);
  for (const std::string& file : old) EXPECT_FALSE(exists(file)) << file;
}

TEST_F(Program, EvaluateDrawsWhereAsked) {
  write_tiny();
  ASSERT_EQ(train("run").code, 0);
  const Finished finished = run({"evaluate", "--model", "run", "--out", "evaluated"});
  ASSERT_EQ(finished.code, 0) << finished.err;
  EXPECT_EQ(read_json("evaluated/metrics.json")["n"], kTestCount);
  EXPECT_TRUE(exists("evaluated/figures"));
}

}  // namespace
}  // namespace inkling

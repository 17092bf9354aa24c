// report.html and its figures, of a made-up run: the page's promises that need no browser (those
// that do are in tests/web).
#include "report/page/run_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <regex>
#include <set>

#include "base/random.h"
#include "nn/architecture/zoo.h"
#include "report/draw/gnuplot.h"
#include "report/page/page_pictures.h"
#include "support/drawn_dataset.h"
#include "support/expect_error.h"
#include "support/temporary_folder.h"
#include "sys/file.h"

namespace inkling {
namespace {

using testing::HasSubstr;
using testing::Not;

// Predictions that are right four times in five, with the confidence of a coin well thrown.
Predictions made_up_predictions(const Dataset& dataset) {
  Predictions predictions{.indices = all_indices(dataset.size()), .labels = dataset.labels};
  Random random(5);
  for (const uint8_t label : dataset.labels) {
    const auto classes = static_cast<uint64_t>(dataset.classes);
    const bool right = random.uniform() < 0.8;
    const uint64_t given = right ? label : (label + 1 + random.below(classes - 1)) % classes;
    const double sure = random.uniform(0.6, 1);
    for (uint64_t c = 0; c < classes; ++c) {
      predictions.probabilities.push_back(
          static_cast<float>(c == given ? sure : (1 - sure) / static_cast<double>(classes - 1)));
    }
  }
  return predictions;
}

class RunReportTest : public testing::Test {
 protected:
  RunReportTest() {
    dataset_.name = "<drawn>";
    dataset_.class_names = {"0", "1", "<b>", "3"};
    record_ = {
        .folder = folder_.path(), .recipe = Recipe{}, .recipe_text = "model = '<logistic>'\n"};
    for (int epoch = 1; epoch <= 3; ++epoch) {
      record_.history.push_back({.epoch = epoch,
                                 .lr = 0.1 / epoch,
                                 .train_loss = 1.0 / epoch,
                                 .train_accuracy = 0.5 + 0.1 * epoch,
                                 .val_loss = 1.1 / epoch,
                                 .val_accuracy = 0.5 + 0.09 * epoch});
    }
    record_.metrics = MetricsRecord{
        .weights_sha256 = "abc", .training = TrainingScores{.best_epoch = 3, .train_seconds = 1.5}};
  }

  RunReport report() const {
    return {.record = record_,
            .net = net_,
            .evaluated = {model_, dataset_, split_, evaluation_, dataset_.class_names},
            .figure_folders = {folder_ / "figures"}};
  }

  TemporaryFolder folder_;
  Dataset dataset_ = drawn_dataset({.images = 200});
  std::string model_ = "logistic", split_ = "validation";
  Evaluation evaluation_ = evaluate_predictions(made_up_predictions(dataset_), 4);
  Architecture net_ = zoo_architecture("logistic");
  RunRecord record_;
};

std::vector<std::string> all_matches(const std::string& text, const char* pattern, int group = 0) {
  std::vector<std::string> found;
  const std::regex expression(pattern);
  for (std::sregex_iterator at(text.begin(), text.end(), expression), end; at != end; ++at) {
    found.push_back((*at)[static_cast<size_t>(group)]);
  }
  return found;
}

TEST_F(RunReportTest, EveryMistakeStandsBehindItsCell) {
  const std::string html = report_html(report());
  const Metrics& m = evaluation_.metrics;
  size_t images = 0;
  for (size_t t = 0; t < 4; ++t) {
    for (size_t g = 0; g < 4; ++g) {
      const auto count = static_cast<size_t>(m.confusion[t][g]);
      const std::string id = "id=\"cell-" + std::to_string(t) + "-" + std::to_string(g) + "\"";
      EXPECT_EQ(html.find(id) != std::string::npos, count > 0) << id;
      images += t == g ? std::min<size_t>(count, 12) : count;
    }
  }
  EXPECT_EQ(all_matches(html, "loading=\"lazy\"").size(), images);
  // What a cell opens is there.
  const auto targets = all_matches(html, "popovertarget=\"([^\"]+)\"", 1);
  EXPECT_FALSE(targets.empty());
  for (const std::string& target : targets) {
    EXPECT_THAT(html, HasSubstr("id=\"" + target + "\""));
  }
}

TEST_F(RunReportTest, EveryImageSaysWhatItShows) {
  const std::string html = report_html(report());
  const auto images = all_matches(html, "<img [^>]*>");
  EXPECT_GT(images.size(), 40u);
  for (const std::string& image : images) {
    EXPECT_TRUE(std::regex_search(image, std::regex("alt=\"[^\"]+\""))) << image;
  }
}

TEST_F(RunReportTest, NothingIsLoadedFromElsewhere) {
  const std::string html = report_html(report());
  for (const char* elsewhere : {"http://", "https://", "<script", "url(", "@import"}) {
    EXPECT_THAT(html, Not(HasSubstr(elsewhere)));
  }
  for (const std::string& source : all_matches(html, "(src|href)=\"([^\"]{0,20})", 2)) {
    EXPECT_TRUE(source.starts_with("data:") || source.starts_with("#")) << source;
  }
}

TEST_F(RunReportTest, NamesAreEscaped) {
  const std::string html = report_html(report());
  EXPECT_THAT(html, Not(HasSubstr("<drawn>")));
  EXPECT_THAT(html, Not(HasSubstr("<b>")));
  EXPECT_THAT(html, HasSubstr("&lt;drawn&gt;"));
}

TEST_F(RunReportTest, ARunWithoutAHistoryHasAPage) {
  record_.history = std::vector<EpochRecord>();
  EXPECT_THAT(report_html(report()), HasSubstr("saw its training images 0 times."));
}

TEST_F(RunReportTest, WhatWasNotComputedHasNoSection) {
  const std::string html = report_html(report());
  for (const char* id : {"id=\"data\"", "id=\"comparison\"", "id=\"robustness\""}) {
    EXPECT_THAT(html, Not(HasSubstr(id)));
  }
  EXPECT_THAT(html, HasSubstr("id=\"calibration\""));
  EXPECT_THAT(html, HasSubstr("the test set was not read"));
}

TEST_F(RunReportTest, InspectionAndComparisonAppearWhereTheyAre) {
  RunReport with = report();
  with.inspection = InspectionRecord{.dataset = "drawn",
                                     .train_images = 60000,
                                     .test_images = 10000,
                                     .findings = {{Severity::kWarning, "nine lives", "count"}}};
  const ComparisonRecord::Run run{.name = "runs/other",
                                  .n = 200,
                                  .accuracy = 0.5,
                                  .accuracy_ci95 = {0.4, 0.6},
                                  .parameters = 10,
                                  .flops = 20,
                                  .train_seconds = {},
                                  .latency_us = 3};
  with.comparison = ComparisonRecord{.dataset = "drawn",
                                     .split = "test",
                                     .n = 200,
                                     .aside = SetAside{.file = "disputed.txt", .n = 4},
                                     .runs = {run, run},
                                     .pairs = {{.first = "runs/other",
                                                .second = "runs/more",
                                                .only_first_right = 3,
                                                .only_second_right = 4,
                                                .p_holm = 1}}};
  const std::string html = report_html(with);
  EXPECT_THAT(html, HasSubstr("Nine lives."));
  EXPECT_THAT(html, HasSubstr("1 fault to look at"));
  EXPECT_THAT(html, HasSubstr("no more than chance"));
  EXPECT_THAT(html, HasSubstr("On the same 200 test images"));
  EXPECT_THAT(html, HasSubstr("(4 more set aside)"));
}

Robustness made_up_robustness() {
  const std::vector<RobustnessPoint> sweep = {{-1, 0.5}, {1, 0.7}};
  return {.n = 100,
          .of = 200,
          .clean = 0.9,
          .corruptions = {{Corruption::kFog, {0.9, 0.8, 0.7, 0.6, 0.5}, 0.7},
                          {Corruption::kZigzag, {0.8, 0.7, 0.6, 0.5, 0.4}, 0.6}},
          .mean_corrupted = 0.6,
          .rotation = sweep,
          .shift_x = sweep,
          .shift_y = sweep,
          .scale = sweep,
          .fgsm = {{.epsilon = 0.1, .accuracy = 0.2, .random_accuracy = 0.9}}};
}

TEST_F(RunReportTest, RobustnessAppearsWhereItWasMeasured) {
  record_.metrics->robustness = made_up_robustness();
  EXPECT_THAT(report_html(report()), HasSubstr("it is 60.00 % when they are corrupted"));
  FigureSheet sheet(folder_ / "figures");
  add_run_figures(report(), sheet);
  const Figure& figure = sheet.figures()[sheet.figures().size() - 2];
  EXPECT_EQ(figure.name, "robustness");
  EXPECT_LT(figure.alt.find("zigzag"), figure.alt.find("fog"));  // the worst first
  if (run_gnuplot("").empty()) {
    EXPECT_EQ(sheet.draw(), "");
  }
}

TEST_F(RunReportTest, MistakesShowWhereTheNetworkLookedAndWhatLiesNext) {
  Insight insight{.among = 200};
  const std::vector<size_t> mistakes = mistakes_by_confidence(evaluation_.predictions, 4);
  const Heatmap map{.height = 8, .width = 8, .values = std::vector<float>(64, 0.5F)};
  for (size_t i = 0; i < 3; ++i) {
    insight.mistakes.push_back({.position = mistakes[i], .saliency = map, .neighbours = {1, 2}});
  }
  insight.explanations = {{.saliency = map, .grad_cam = {}, .occlusion = map}};
  for (size_t i = 0; i < 50; ++i) {
    insight.map.points.push_back({static_cast<float>(i % 7), static_cast<float>(i % 5)});
  }
  insight.filters = {.height = 3, .width = 3, .weights = {std::vector<float>(9, -0.5F)}};
  RunReport with = report();
  with.insight = &insight;
  with.training = &dataset_;
  const std::string html = report_html(with);
  EXPECT_EQ(all_matches(html, "nearest training images").size(), 3u);
  EXPECT_EQ(all_matches(html, "training image 2, a [^ ]+\"").size(), 3u);
  if (!run_gnuplot("").empty()) GTEST_SKIP() << "needs gnuplot (Debian's package gnuplot-nox)";
  FigureSheet sheet(folder_ / "figures");
  add_run_figures(with, sheet);
  EXPECT_EQ(sheet.draw(), "");
  EXPECT_THAT(report_html(with), HasSubstr("id=\"inside\""));
}

TEST_F(RunReportTest, OnlyChosenWeightsAreCalledTheBest) {
  EXPECT_THAT(report_html(report()), HasSubstr("last epoch were the best by validation"));
  record_.metrics->training->best_epoch = 2;
  EXPECT_THAT(report_html(report()), HasSubstr("weights of epoch 2 were the best by validation"));
  record_.metrics->training->best_epoch = 3;
  const auto expect_not_chosen = [&] {
    const std::string html = report_html(report());
    EXPECT_THAT(html, HasSubstr("The weights of the last epoch are kept."));
    EXPECT_THAT(html, Not(HasSubstr("best by validation")));
  };
  record_.recipe->keep = "last";
  expect_not_chosen();
  record_.recipe->keep = "best";
  for (EpochRecord& epoch : record_.history) epoch.val_loss = epoch.val_accuracy = std::nan("");
  expect_not_chosen();
}

TEST_F(RunReportTest, WorkCountsEveryView) {
  RunReport with = report();
  EXPECT_THAT(report_html(with), HasSubstr("0.02 MFLOP"));
  with.views = 9;
  EXPECT_THAT(report_html(with), HasSubstr("0.14 MFLOP"));
  EXPECT_THAT(report_html(with), HasSubstr("9 views of it"));
}

TEST_F(RunReportTest, HeadingsAreInOrder) {
  const std::string html = report_html(report());
  int before = 0;
  for (const std::string& level : all_matches(html, "<h([1-6])", 1)) {
    EXPECT_LE(std::stoi(level), before + 1);
    before = std::stoi(level);
  }
  EXPECT_EQ(all_matches(html, "<h1").size(), 1u);
}

TEST_F(RunReportTest, ManyMistakesOnLargeImagesStillMakeALoadablePage) {
  Dataset large = drawn_dataset({.images = 6000, .side = 64});
  const Predictions predictions = made_up_predictions(large);
  const Evaluation evaluation = evaluate_predictions(predictions, 4);
  RunReport with{.record = record_,
                 .net = net_,
                 .evaluated = {model_, large, split_, evaluation, large.class_names},
                 .figure_folders = {}};
  EXPECT_LT(report_html(with).size(), size_t{8} << 20);
}

TEST_F(RunReportTest, FiguresAreDrawnAndPutIn) {
  if (!run_gnuplot("").empty()) GTEST_SKIP() << "needs gnuplot (Debian's package gnuplot-nox)";
  FigureSheet sheet(folder_ / "figures");
  add_run_figures(report(), sheet);
  ASSERT_EQ(sheet.draw(), "");
  for (const char* name : {"training_curves", "confusion_matrix", "misclassified_examples",
                           "predictions", "reliability", "risk_coverage"}) {
    EXPECT_TRUE(std::filesystem::exists(folder_ / "figures" / (std::string(name) + ".png")))
        << name;
  }
  const std::string html = report_html(report());
  EXPECT_THAT(html, HasSubstr("data:image/svg+xml;base64,"));
  const PagePicture picture = read_svg(folder_ / "figures/training_curves.svg");
  EXPECT_EQ(picture.width, 800);
  EXPECT_THAT(picture.alt, HasSubstr("over 3 epochs"));
}

TEST_F(RunReportTest, OverFittingIsNamedInTheFiguresTitle) {
  record_.history = {{.epoch = 1, .train_loss = 1, .val_loss = 0.5},
                     {.epoch = 2, .train_loss = 0.5, .val_loss = 0.7},
                     {.epoch = 3, .train_loss = 0.2, .val_loss = 0.9}};
  EXPECT_THAT(training_curves(record_.history, 1, "x").title, HasSubstr("after epoch 1"));
}

}  // namespace
}  // namespace inkling

// The page's first section: how good the network is, in plain words, with intervals.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>

#include "base/index.h"
#include "base/number_text.h"
#include "data/synth/synth.h"
#include "eval/metrics/confused_pairs.h"
#include "report/page/page_pictures.h"
#include "report/page/page_sections.h"

namespace inkling {
namespace {

constexpr size_t kStrip = 12;  // images below the headline

std::string lead_text(const EvaluatedRun& run) {
  const Metrics& m = run.evaluation.metrics;
  const Interval& ci = m.accuracy_ci95;
  std::string text = fmt::format(
      "It made {} in {} images it had not been trained on. On new images of the same kind its "
      "accuracy would be between {:.2f} and {:.2f} %: the 95 % interval for this many images.",
      counted(m.n - m.correct, "mistake", "mistakes"), grouped(m.n), 100 * ci.low, 100 * ci.high);
  if (run.split == "validation") {
    text +=
        " These are the validation images on which the epoch to keep was chosen, so the figure may "
        "be slightly optimistic; the test set was not read.";
  }
  return text;
}

// Where accuracy and its interval stand on a scale that just holds them.
nlohmann::json interval_bar(const Metrics& m) {
  const Interval& ci = m.accuracy_ci95;
  const double margin = std::max(ci.high - ci.low, 1e-4);
  const double from = std::max(0.0, ci.low - margin), to = std::min(1.0, ci.high + margin);
  const auto place = [&](double fraction) {
    return fmt::format("{:.1f}", 100 * (fraction - from) / (to - from));
  };
  return {{"label", fmt::format("Accuracy {}, 95 % interval {:.2f} to {:.2f} %",
                                percent(m.accuracy), 100 * ci.low, 100 * ci.high)},
          {"left", place(ci.low)},
          {"width", place(from + ci.high - ci.low)},
          {"at", place(m.accuracy)},
          {"from", percent(from)},
          {"to", percent(to)}};
}

nlohmann::json strip_of(const EvaluatedRun& run) {
  nlohmann::json strip = nlohmann::json::array();
  const size_t shown = std::min(kStrip, run.evaluation.predictions.labels.size());
  for (size_t i = 0; i < shown; ++i) {
    const Prediction prediction = prediction_at(run, i);
    const std::string& predicted = at(run.class_names, prediction.predicted);
    const std::string& truth = at(run.class_names, prediction.truth);
    strip.push_back(
        {{"src", picture_uri(run.dataset, prediction.index)},
         {"alt", prediction.right() ? fmt::format("{}, classified correctly", truth)
                                    : fmt::format("{}, classified as {}", truth, predicted)},
         {"predicted", predicted},
         {"wrong", !prediction.right()}});
  }
  return strip;
}

void add_point(nlohmann::json& points, const std::string& text) {
  if (!text.empty()) points.push_back({{"text", text}});
}

std::string confused_text(const EvaluatedRun& run) {
  const std::vector<ConfusedPair> pairs = confused_pairs(run.evaluation.metrics);
  if (pairs.empty()) return "No two classes were confused.";
  std::string text = "Most often confused:";
  for (size_t i = 0; i < std::min<size_t>(3, pairs.size()); ++i) {
    const ConfusedPair& pair = pairs[i];
    text += fmt::format("{} {} and {} ({})", i == 0 ? "" : ",", at(run.class_names, pair.first),
                        at(run.class_names, pair.second), pair.mistakes());
  }
  return text + ".";
}

std::string confidence_point(const Evaluation& e) {
  const Calibration& c = e.calibration;
  const std::string mean = fmt::format("on average {:.2f} % confidence and {:.2f} % accuracy",
                                       100 * c.confidence, 100 * e.metrics.accuracy);
  if (c.ece <= c.ece_null95.high) {
    return fmt::format(
        "Its confidence is well calibrated: {}, no further apart than chance explains.", mean);
  }
  return fmt::format("Its confidence is {} than it should be: {}.",
                     c.confidence > e.metrics.accuracy ? "higher" : "lower", mean);
}

// The point of the curve at which half the mistakes or more are gone.
std::string rejecting_point(const Evaluation& e) {
  const double mistakes = 1 - e.metrics.accuracy;
  if (mistakes <= 0) return "";
  const std::vector<RiskPoint>& curve = e.selective.curve;
  for (auto point = curve.rbegin(); point != curve.rend(); ++point) {
    if (point->risk > mistakes / 2) continue;
    return fmt::format(
        "Rejecting its least confident {:.0f} % of predictions (below {} confidence) lowers "
        "mistakes "
        "from {:.2f} % to {:.2f} %.",
        100 * (1 - point->coverage), confidence_text(point->confidence), 100 * mistakes,
        100 * point->risk);
  }
  return "";
}

std::string data_point(const std::optional<InspectionRecord>& inspection) {
  if (!inspection) return "";
  const auto faults = std::ranges::count_if(inspection->findings, [](const Finding& finding) {
    return finding.severity != Severity::kInfo;
  });
  return faults == 0 ? "Inspecting the data found no faults."
                     : fmt::format("Inspecting the data found {} to look at (below).",
                                   counted(faults, "fault", "faults"));
}

std::string training_point(const RunRecord& record) {
  const auto since = over_fitting_since(record.history);
  return since ? fmt::format(
                     "It over-fitted after epoch {}: from then on training improved and "
                     "validation did not.",
                     *since)
               : "";
}

}  // namespace

nlohmann::json summary_section(const RunReport& report) {
  const EvaluatedRun& run = report.evaluated;
  const Evaluation& e = run.evaluation;
  nlohmann::json points = nlohmann::json::array();
  add_point(points, confused_text(run));
  add_point(points, confidence_point(e));
  add_point(points, rejecting_point(e));
  add_point(points, training_point(report.record));
  add_point(points, data_point(report.inspection));
  nlohmann::json facts = nlohmann::json::array();
  const auto fact = [&](const char* name, const std::string& value, const std::string& note) {
    facts.push_back({{"name", name}, {"value", value}});
    if (!note.empty()) facts.back()["note"] = note;
  };
  fact("Macro F1", fmt::format("{:.4f}", e.metrics.macro.f1), "mean over classes");
  fact("Loss", fmt::format("{:.4f}", e.metrics.loss), "cross-entropy");
  if (e.metrics.top_k.size() > 1) {
    fact("Among the top two", percent(e.metrics.top_k[1]), "top-2 accuracy");
  }
  fact("Parameters", grouped(report.net.parameter_count()), "");
  fact("Work per image",
       fmt::format("{:.2f} MFLOP", static_cast<double>(report.views) * report.net.flops() / 1e6),
       report.views > 1 ? fmt::format("{} views of it", report.views) : "");
  const std::optional<MetricsRecord>& metrics = report.record.metrics;
  if (metrics && metrics->training) {
    fact("Training", fmt::format("{:.0f} s", metrics->training->train_seconds),
         counted(count_of(report.record.history), "epoch", "epochs"));
  }
  return {
      {"model", run.model},
      {"dataset", source_text(run.dataset.name)},
      {"split", fmt::format("{} images", run.split)},
      {"synthetic", run.dataset.name == kSyntheticName},
      {"headline", fmt::format("{} classifies {:.2f}\u00a0% of {} correctly.", run.model,
                               100 * e.metrics.accuracy,
                               run.split == "test" ? "the test images" : "the images")},
      {"lead", lead_text(run)},
      {"interval", interval_bar(e.metrics)},
      {"strip", strip_of(run)},
      {"strip_note", fmt::format("The first of the {} images and their predictions.", run.split)},
      {"facts", facts},
      {"points", points}};
}

}  // namespace inkling

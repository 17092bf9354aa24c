// The page's sections on calibration, robustness, explanations and the comparison with other
// models.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>

#include "base/number_text.h"
#include "report/page/page_sections.h"

namespace inkling {
namespace {

std::string pair_text(const ComparisonRecord::Pair& pair) {
  const double p = pair.p_holm;
  const std::string chance = p < 1e-4 ? "p < 0.0001" : fmt::format("p = {:.4f}", p);
  return fmt::format(
      "Only {} is right on {}, only {} on {}: {} ({}, exact McNemar, Holm-adjusted).",
      run_title(pair.first), counted(pair.only_first_right, "image", "images"),
      run_title(pair.second), pair.only_second_right,
      p < 0.05 ? "more than chance" : "no more than chance", chance);
}

}  // namespace

nlohmann::json calibration_section(const RunReport& report) {
  const Evaluation& e = report.evaluated.evaluation;
  const Calibration& c = e.calibration;
  nlohmann::json paragraphs = nlohmann::json::array();
  paragraphs.push_back(
      {{"text",
        fmt::format(
            "Of a hundred predictions made with 90 % confidence, ninety should be right. On "
            "average its confidence is off by {:.2f} points (expected calibration error; 95 % "
            "interval {:.2f} to {:.2f}). A perfectly calibrated model would have {:.2f} to {:.2f} "
            "on this number of images.",
            100 * c.ece, 100 * c.ece_ci95.low, 100 * c.ece_ci95.high, 100 * c.ece_null95.low,
            100 * c.ece_null95.high)}});
  if (e.temperature) {
    const TemperatureFit& fit = e.temperature->fit;
    paragraphs.push_back(
        {{"text",
          fmt::format("Dividing its logits by {:.3f}, fitted on {} validation images, would "
                      "make the error {:.2f} points and the loss {:.4f} instead of {:.4f}; no "
                      "prediction changes.",
                      fit.temperature, grouped(fit.n), 100 * e.temperature->effect.ece,
                      e.temperature->effect.loss, e.metrics.loss)}});
  }
  return {{"paragraphs", paragraphs},
          {"figures", figures_named(report, {"reliability", "risk_coverage"})}};
}

nlohmann::json robustness_section(const RunReport& report) {
  const Robustness* robustness = robustness_of(report);
  if (robustness == nullptr) return nullptr;
  return {
      {"text",
       fmt::format("On {} of these images its accuracy is {}; it is {} when they are corrupted in "
                   "fifteen ways, at five strengths each.",
                   grouped(robustness->n), percent(robustness->clean),
                   percent(robustness->mean_corrupted))},
      {"figures", figures_named(report, {"robustness", "robustness_curves"})}};
}

nlohmann::json inside_section(const RunReport& report) {
  if (!report.insight) return nullptr;
  return {{"text",
           "Saliency: where a small change of grey would matter most. Grad-CAM: where the last "
           "convolution supports the class. Occlusion: where covering lowers the confidence most."},
          {"figures", figures_named(report, {"saliency", "filters", "feature_map"})}};
}

nlohmann::json comparison_section(const RunReport& report) {
  if (!report.comparison) return nullptr;
  const ComparisonRecord& all = *report.comparison;
  nlohmann::json rows = nlohmann::json::array(), pairs = nlohmann::json::array();
  for (const ComparisonRecord::Run& run : all.runs) {
    std::error_code ignored;
    rows.push_back(
        {{"name", run_title(run.name)},
         {"own", std::filesystem::equivalent(run.name, report.record.folder, ignored)},
         {"accuracy", percent(run.accuracy)},
         {"interval", fmt::format("{:.2f} to {:.2f}", 100 * run.accuracy_ci95.low,
                                  100 * run.accuracy_ci95.high)},
         {"mistakes", grouped(std::lround((1 - run.accuracy) * static_cast<double>(run.n)))},
         {"parameters", grouped(run.parameters)},
         {"mflop", fmt::format("{:.2f}", run.flops / 1e6)},
         {"training",
          run.train_seconds ? fmt::format("{:.0f} s", *run.train_seconds) : std::string("–")},
         {"latency", fmt::format("{:.0f} µs", run.latency_us)}});
  }
  for (const ComparisonRecord::Pair& pair : all.pairs) pairs.push_back({{"text", pair_text(pair)}});
  const std::string aside = all.aside ? fmt::format(" ({} more set aside)", all.aside->n) : "";
  return {
      {"text", fmt::format("On the same {} {} images of {}{}, one image at a time on one thread "
                           "for the last column.",
                           grouped(all.n), all.split, source_text(all.dataset), aside)},
      {"runs", rows},
      {"pairs", pairs},
      {"figures", figures_named(report, {"model_comparison"})}};
}

}  // namespace inkling

// The page's sections on how far the network can be trusted: its confidence, and beside others.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "base/number_text.h"
#include "report/page/page_sections.h"

namespace inkling {
namespace {

std::string name_of_run(const nlohmann::json& run) { return run_title(run.value("run", "")); }

std::string seconds_or_dash(const nlohmann::json& value) {
  return value.is_number() ? fmt::format("{:.0f} s", value.get<double>()) : "–";
}

std::string pair_text(const nlohmann::json& pair) {
  const double p = pair.value("p_holm", pair.value("p", 1.0));
  const std::string chance = p < 1e-4 ? "p < 0.0001" : fmt::format("p = {:.4f}", p);
  return fmt::format(
      "{} alone is right on {}, {} alone on {}: {} ({}, exact McNemar, Holm-adjusted).",
      run_title(pair.at("first").get<std::string>()),
      counted(pair.value("only_first_right", int64_t{0}), "image", "images"),
      run_title(pair.at("second").get<std::string>()), pair.value("only_second_right", int64_t{0}),
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
            "Of a hundred answers given with 90 % confidence, ninety should be right. On average "
            "its confidence is off by {:.2f} points (expected calibration error; 95 % interval "
            "{:.2f} to {:.2f}). A perfectly calibrated model would show {:.2f} to {:.2f} on as "
            "many "
            "images.",
            100 * c.ece, 100 * c.ece_ci95.low, 100 * c.ece_ci95.high, 100 * c.ece_null95.low,
            100 * c.ece_null95.high)}});
  if (e.temperature) {
    const TemperatureFit& fit = e.temperature->fit;
    paragraphs.push_back(
        {{"text",
          fmt::format("Dividing its logits by {:.3f}, fitted on {} validation images, would "
                      "make the error {:.2f} points and the loss {:.4f} in place of {:.4f}; no "
                      "answer changes.",
                      fit.temperature, grouped(static_cast<size_t>(fit.n)),
                      100 * e.temperature->effect.ece, e.temperature->effect.loss,
                      e.metrics.loss)}});
  }
  return {{"paragraphs", paragraphs},
          {"figures", figures_named(report, {"reliability", "risk_coverage"})}};
}

nlohmann::json robustness_section(const RunReport& report) {
  const nlohmann::json robustness = robustness_of(report);
  if (!robustness.is_object()) return nullptr;
  return {{"text",
           fmt::format("On {} of these images it reads {} right as they are and {} when they are "
                       "made worse in fifteen ways, five strengths each.",
                       grouped(robustness.at("n").get<size_t>()),
                       percent(robustness.at("clean").get<double>()),
                       percent(robustness.at("mean_corrupted").get<double>()))},
          {"figures", figures_named(report, {"robustness", "robustness_curves"})}};
}

nlohmann::json inside_section(const RunReport& report) {
  if (!report.insight) return nullptr;
  return {{"text",
           "Saliency: where a small change of grey would matter most. Grad-CAM: where the last "
           "convolution speaks for the class. Occlusion: where covering costs most."},
          {"figures", figures_named(report, {"saliency", "filters", "feature_map"})}};
}

nlohmann::json comparison_section(const RunReport& report) {
  const nlohmann::json& all = report.comparison;
  if (!all.is_object() || !all.contains("runs") || !all.contains("pairs")) return nullptr;
  nlohmann::json rows = nlohmann::json::array(), pairs = nlohmann::json::array();
  for (const nlohmann::json& run : all["runs"]) {
    const auto n = run.at("n").get<int64_t>();
    const double accuracy = run.at("accuracy").get<double>();
    const std::filesystem::path folder(run.value("run", ""));
    std::error_code ignored;
    rows.push_back({{"name", name_of_run(run)},
                    {"own", std::filesystem::equivalent(folder, report.record.folder, ignored)},
                    {"accuracy", percent(accuracy)},
                    {"interval", fmt::format("{:.2f} to {:.2f}",
                                             100 * run.at("accuracy_ci95").at(0).get<double>(),
                                             100 * run.at("accuracy_ci95").at(1).get<double>())},
                    {"mistakes", grouped(static_cast<size_t>(
                                     std::lround((1 - accuracy) * static_cast<double>(n))))},
                    {"parameters", grouped(run.at("parameters").get<size_t>())},
                    {"mflop", fmt::format("{:.2f}", run.at("flops").get<double>() / 1e6)},
                    {"training", seconds_or_dash(run.at("train_seconds"))},
                    {"latency", fmt::format("{:.0f} µs", run.at("latency_us").get<double>())}});
  }
  for (const nlohmann::json& pair : all["pairs"]) {
    pairs.push_back({{"text", pair_text(pair)}});
  }
  const std::string aside =
      all.contains("set_aside")
          ? fmt::format(" ({} more set aside)", all["set_aside"].at("n").get<size_t>())
          : "";
  return {
      {"text", fmt::format("On the same {} {} images of {}{}, one image at a time on one thread "
                           "for the last column.",
                           grouped(all.at("n").get<size_t>()), all.value("split", ""),
                           source_text(all.value("dataset", "")), aside)},
      {"runs", rows},
      {"pairs", pairs},
      {"figures", figures_named(report, {"model_comparison"})}};
}

}  // namespace inkling

#include "cli/text/pipeline_text.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/index.h"
#include "base/number_text.h"
#include "eval/metrics/confused_pairs.h"

namespace inkling {

std::string pipeline_table(const PipelineResult& result) {
  std::string text;
  text +=
      fmt::format("{:<16} {:>11} {:>12} {:>9} {:>9}  {:<16} {:>9} {:>9}\n", "model", "parameters",
                  "FLOPs", "train s", "accuracy", "95 % interval", "macro F1", "mistakes");
  for (size_t i = 0; i < result.models.size(); ++i) {
    const ComparedModel& one = result.comparison.models[i];
    const Metrics& m = one.metrics;
    text += fmt::format(
        "{:<16} {:>11} {:>12} {:>9.1f} {:>9}  {:<16} {:>9.4f} {:>9}\n", result.models[i].title,
        grouped(one.parameters), grouped(one.flops), one.train_seconds.value_or(0),
        percent(m.accuracy),
        fmt::format("{:.2f} to {:.2f}", 100 * m.accuracy_ci95.low, 100 * m.accuracy_ci95.high),
        m.macro.f1, m.n - m.correct);
  }
  return text;
}

std::string pipeline_summary(const PipelineResult& result) {
  const PipelineModel &baseline = result.models[0], &best = result.models[result.best];
  const ComparedModel& own = result.comparison.models[result.best];
  std::string text;
  const Evaluation& e = result.report.evaluation;
  const Metrics &m = e.metrics, &baseline_metrics = result.comparison.models[0].metrics;
  const Calibration& c = e.calibration;
  const std::vector<ConfusedPair> pairs = confused_pairs(m);
  const std::vector<Finding> findings = find_faults(result.inspection);
  const auto faults = std::count_if(findings.begin(), findings.end(), [](const Finding& finding) {
    return finding.severity != Severity::kInfo;
  });
  const auto line = [&text](const char* what, const std::string& value) {
    text += fmt::format("{:<12} {}\n", what, value);
  };
  line("network",
       fmt::format("{}, chosen by validation ({})", best.title, percent(best.val_accuracy)));
  line("accuracy", fmt::format("{} of {} {}test images", percent(m.accuracy), grouped(m.n),
                               result.synthetic ? "synthetic " : ""));
  line("interval", fmt::format("{:.2f} to {:.2f} % (95 %, Wilson)", 100 * m.accuracy_ci95.low,
                               100 * m.accuracy_ci95.high));
  line("mistakes", fmt::format("{}; {} makes {}{}", m.n - m.correct, baseline.title,
                               baseline_metrics.n - baseline_metrics.correct,
                               result.synthetic ? ", on synthetic digits" : ""));
  line("confused", pairs.empty() ? "no two classes"
                                 : fmt::format("most often {} and {} ({} times)",
                                               at(result.inspection.class_names, pairs[0].first),
                                               at(result.inspection.class_names, pairs[0].second),
                                               pairs[0].mistakes()));
  line("confidence",
       fmt::format("off by {:.2f} points (ECE); {:.2f} to {:.2f} if perfectly calibrated",
                   100 * c.ece, 100 * c.ece_null95.low, 100 * c.ece_null95.high));
  line("loss, F1", fmt::format("{:.4f}, {:.4f} (macro)", m.loss, m.macro.f1));
  line("data", faults == 0 ? "no faults found"
                           : fmt::format("{} fault{} to look at", faults, faults == 1 ? "" : "s"));
  line("speed",
       fmt::format("{} images/s; a single image takes {:.0f} us",
                   grouped(static_cast<double>(m.n) / std::max(e.predictions.seconds, 1e-9)),
                   1e6 * own.latency_s));
  line("report", result.report.page.string());
  return text;
}

}  // namespace inkling

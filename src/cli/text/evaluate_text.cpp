#include "cli/text/evaluate_text.h"

#include <fmt/core.h>

#include "base/number_text.h"
#include "eval/metrics/evaluation_text.h"
#include "eval/metrics/metrics_text.h"
#include "eval/robustness/robustness_text.h"

namespace inkling {

std::string evaluate_text(const EvaluateResult& result) {
  const Metrics& metrics = result.evaluation.metrics;
  const auto images = static_cast<double>(metrics.n);
  std::string text = fmt::format("{} on {} {} ({} images)\n", result.network, result.dataset,
                                 result.split, metrics.n);
  if (result.aside) text += set_aside_text(*result.aside) + "\n";
  if (result.views > 1) {
    text += fmt::format("predictions: the mean over {} views of each image\n", result.views);
  }
  text += fmt::format("\naccuracy     {} (95 % interval {:.2f} to {:.2f}, Wilson)\n",
                      percent(metrics.accuracy), 100 * metrics.accuracy_ci95.low,
                      100 * metrics.accuracy_ci95.high);
  text += fmt::format("loss         {:.4f}\n", metrics.loss);
  text += fmt::format("macro        precision {:.4f}, recall {:.4f}, F1 {:.4f}\n",
                      metrics.macro.precision, metrics.macro.recall, metrics.macro.f1);
  if (metrics.refused) {
    text += fmt::format("refused      {}, counted as mistakes\n", *metrics.refused);
  }
  text += evaluation_text(result.evaluation, result.class_names);
  text += fmt::format("speed        {} images/s\n\n",
                      grouped(images / result.evaluation.predictions.seconds));
  text += classification_report(metrics, result.class_names) + "\n";
  text += fmt::format("confusion matrix (rows: true, columns: predicted)\n{}",
                      confusion_table(metrics, result.class_names));
  if (result.robustness) text += "\n" + robustness_text(*result.robustness);
  return text;
}

}  // namespace inkling

#include "eval/compare/comparison_text.h"

#include <fmt/core.h>

#include <algorithm>

namespace inkling {
namespace {

std::string p_text(double p) {
  return p < 1e-4 ? fmt::format("{:.1e}", p) : fmt::format("{:.4f}", p);
}

std::string pair_lines(const Comparison& comparison, const PairedDifference& pair) {
  constexpr size_t kShown = 8;
  const ComparedModel &a = comparison.models[pair.first], &b = comparison.models[pair.second];
  if (pair.differing.empty()) {
    return fmt::format("{} against {}: the same prediction for every image, p = 1\n", a.name,
                       b.name);
  }
  std::string text = fmt::format("{} against {}: different predictions for {} of {} images", a.name,
                                 b.name, pair.differing.size(), a.metrics.n);
  for (size_t i = 0; i < std::min(pair.differing.size(), kShown); ++i) {
    text += fmt::format("{}{}", i == 0 ? " (" : ", ", a.predictions.indices[pair.differing[i]]);
  }
  text += pair.differing.size() > kShown ? ", ...)" : ")";
  text += fmt::format("\n  right alone: {} and {} times; exact McNemar p = {}",
                      pair.only_first_right, pair.only_second_right, p_text(pair.p));
  if (comparison.pairs.size() > 1) text += fmt::format(", by Holm {}", p_text(pair.p_holm));
  const bool chance = pair.p_holm > 0.05;
  const bool first_better = pair.only_first_right > pair.only_second_right;
  text += chance ? "\n  the difference may well be chance\n"
                 : fmt::format("\n  {} is better, and chance hardly explains it\n",
                               first_better ? a.name : b.name);
  return text;
}

std::string model_text(const ComparedModel& each) {
  return each.views > 1 ? fmt::format("{}, {} views", each.model, each.views) : each.model;
}

}  // namespace

std::string comparison_text(const Comparison& comparison) {
  size_t width = 3, model = 5;
  for (const ComparedModel& each : comparison.models) {
    width = std::max(width, each.name.size());
    model = std::max(model, model_text(each).size());
  }
  std::string text = fmt::format(
      "{:<{}}  {:<{}} {:>10} {:>11} {:>8} {:>8} {:>9}  {:<14} {:>8} {:>7} {:>7} {:>8}\n", "run",
      width, "model", model, "parameters", "FLOPs", "train s", "us/image", "accuracy",
      "95 % interval", "macro F1", "loss", "ECE", "mistakes");
  for (const ComparedModel& each : comparison.models) {
    const Metrics& m = each.metrics;
    text += fmt::format(
        "{:<{}}  {:<{}} {:>10} {:>11.0f} {:>8} {:>8.1f} {:>7.2f} %  {:<14} {:>8.4f} {:>7.4f} "
        "{:>7.4f} {:>8}\n",
        each.name, width, model_text(each), model, each.parameters, each.flops,
        each.train_seconds ? fmt::format("{:.1f}", *each.train_seconds) : "-", each.latency_s * 1e6,
        100 * m.accuracy,
        fmt::format("{:.2f} to {:.2f}", 100 * m.accuracy_ci95.low, 100 * m.accuracy_ci95.high),
        m.macro.f1, m.loss, m.ece, m.n - m.correct);
  }
  for (const PairedDifference& pair : comparison.pairs) {
    text += '\n';
    text += pair_lines(comparison, pair);
  }
  return text;
}

}  // namespace inkling

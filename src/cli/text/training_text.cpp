#include "cli/text/training_text.h"

#include <fmt/core.h>

#include "base/number_text.h"
#include "eval/predict.h"

namespace inkling {

std::string accuracy_line(std::string_view split, const Metrics& metrics, const Recipe& recipe,
                          std::optional<int> epoch) {
  return fmt::format("{} accuracy {} (95 % interval {:.2f} to {:.2f}), loss {:.4f}{}{}\n", split,
                     percent(metrics.accuracy), 100 * metrics.accuracy_ci95.low,
                     100 * metrics.accuracy_ci95.high, metrics.loss,
                     epoch ? fmt::format(", epoch {}", *epoch) : "",
                     recipe.tta ? fmt::format(", mean of {} views", kViews.size()) : "");
}

std::string accuracy_text(const SplitStudy& split, int seeds) {
  const auto range = [](const Interval& interval) {
    return fmt::format("{:.2f} to {:.2f}", 100 * interval.low, 100 * interval.high);
  };
  std::string text = percent(split.accuracy.mean);
  if (seeds > 1) {
    text += fmt::format(" (sd {:.2f} over {} seeds; mean {} by Student's t; one run",
                        100 * split.accuracy.sd, seeds, range(split.accuracy.mean_ci95));
  } else {
    text += " (one seed";
  }
  return text + fmt::format(" {} by Wilson, n {})", range(split.run_ci95), grouped(split.n));
}

std::string seeds_text(const SeedStudy& study, int seeds) {
  std::string text;
  const auto add = [&](const char* split, const std::optional<SplitStudy>& all,
                       std::optional<SplitScores> SeedStudy::Run::*scores) {
    if (!all) return;
    for (const SeedStudy::Run& run : study.runs) {
      const SplitScores& one = *(run.*scores);
      text += fmt::format("seed {:<6} {} accuracy {} ({:.2f} to {:.2f}), loss {:.4f}\n", run.seed,
                          split, percent(one.accuracy), 100 * one.accuracy_ci95.low,
                          100 * one.accuracy_ci95.high, one.loss);
    }
    text += fmt::format("{} accuracy {}\n", split, accuracy_text(*all, seeds));
  };
  add("validation", study.validation, &SeedStudy::Run::validation);
  add("test", study.test, &SeedStudy::Run::test);
  return text;
}

}  // namespace inkling

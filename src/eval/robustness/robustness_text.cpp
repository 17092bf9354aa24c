#include "eval/robustness/robustness_text.h"

#include <fmt/core.h>

#include <string_view>
#include <vector>

namespace inkling {
namespace {

// Two lines: amounts and accuracies below them.
template <typename Points, typename Amount, typename Accuracy>
std::string curve_lines(std::string_view name, std::string_view what, const Points& points,
                        Amount amount, Accuracy accuracy) {
  std::string above = fmt::format("{:<14}", name), below = fmt::format("{:<14}", what);
  for (const auto& point : points) {
    above += fmt::format(" {:>6}", fmt::format("{:g}", amount(point)));
    below += fmt::format(" {:>6.2f}", 100 * accuracy(point));
  }
  return above + '\n' + below + '\n';
}

std::string sweep_lines(std::string_view name, const std::vector<RobustnessPoint>& points) {
  return curve_lines(
      name, "", points, [](const RobustnessPoint& p) { return p.amount; },
      [](const RobustnessPoint& p) { return p.accuracy; });
}

}  // namespace

std::string robustness_text(const Robustness& r) {
  std::string text = fmt::format(
      "robustness: accuracy in % on {} of {} images{}; as they are {:.2f} (95 % interval {:.2f} to "
      "{:.2f})\n\n{:<14} {:>7} {:>7} {:>7} {:>7} {:>7} {:>8}\n",
      r.n, r.of, r.n < r.of ? ", a fixed subset of every class" : "", 100 * r.clean,
      100 * r.clean_ci95.low, 100 * r.clean_ci95.high, "MNIST-C-style", "weakest", "2", "3", "4",
      "worst", "mean");
  for (const CorruptionAccuracy& row : r.corruptions) {
    text += fmt::format("{:<14}", corruption_name(row.corruption));
    for (const double accuracy : row.accuracy) text += fmt::format(" {:>7.2f}", 100 * accuracy);
    text += fmt::format(" {:>8.2f}\n", 100 * row.mean);
  }
  text += fmt::format("{:<14} {:>48.2f}\n\n", "mean", 100 * r.mean_corrupted);
  text += sweep_lines("rotation, deg", r.rotation) + sweep_lines("right, px", r.shift_x) +
          sweep_lines("down, px", r.shift_y) + sweep_lines("scale", r.scale);
  text += curve_lines(
      "FGSM, epsilon", "attacked", r.fgsm, [](const FgsmPoint& p) { return p.epsilon; },
      [](const FgsmPoint& p) { return p.accuracy; });
  text += fmt::format("{:<14}", "random signs");
  for (const FgsmPoint& point : r.fgsm) {
    text += fmt::format(" {:>6.2f}", 100 * point.random_accuracy);
  }
  return text + '\n';
}

}  // namespace inkling

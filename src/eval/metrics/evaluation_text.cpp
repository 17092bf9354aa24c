#include "eval/metrics/evaluation_text.h"

#include <fmt/core.h>

#include <array>
#include <cmath>
#include <utility>

#include "base/check.h"
#include "base/index.h"
#include "eval/metrics/confused_pairs.h"

namespace inkling {
namespace {

std::string calibration_lines(const Evaluation& evaluation) {
  const Calibration& c = evaluation.calibration;
  std::string text = fmt::format(
      "calibration  ECE {:.4f} (95 % interval {:.4f} to {:.4f}); if perfectly calibrated {:.4f} "
      "to {:.4f}\n",
      c.ece, c.ece_ci95.low, c.ece_ci95.high, c.ece_null95.low, c.ece_null95.high);
  const bool off = c.ece > c.ece_null95.high;
  text +=
      fmt::format("             {}: mean confidence {:.2f} %, accuracy {:.2f} %; Brier {:.5f}\n",
                  !off                                         ? "no sign of miscalibration"
                  : c.confidence > evaluation.metrics.accuracy ? "over-confident"
                                                               : "under-confident",
                  100 * c.confidence, 100 * evaluation.metrics.accuracy, c.brier);
  if (evaluation.temperature) {
    const auto& [fit, effect] = *evaluation.temperature;
    text += fmt::format(
        "temperature  {:.3f}, fitted on {} validation images: loss {:.4f} to {:.4f}, ECE {:.4f} to "
        "{:.4f}\n",
        fit.temperature, fit.n, evaluation.metrics.loss, effect.loss, c.ece, effect.ece);
  }
  return text;
}

std::string selective_line(const Selective& selective) {
  std::string text = "rejecting    the least confident ";
  bool first = true;
  for (const double refused : {0.01, 0.05, 0.1}) {
    for (const RiskPoint& point : selective.curve) {
      if (std::abs(1 - point.coverage - refused) > 0.0049) continue;
      text += fmt::format("{}{:.0f} % leaves {:.2f} %", first ? "" : ", ", 100 * refused,
                          100 * (1 - point.risk));
      first = false;
      break;
    }
  }
  const std::string area = fmt::format("AURC {:.6f} (best {:.6f}, random {:.6f})", selective.aurc,
                                       selective.aurc_best, selective.aurc_random);
  return fmt::format("{}{}{}\n", first ? "rejecting    " : text, first ? "" : " accuracy; ", area);
}

std::string confused_lines(const Metrics& metrics, std::span<const std::string> names) {
  constexpr size_t kShown = 5;
  const std::vector<ConfusedPair> pairs = confused_pairs(metrics);
  if (pairs.empty()) return "";
  std::string text = "confused     ";
  for (size_t i = 0; i < std::min(pairs.size(), kShown); ++i) {
    const ConfusedPair& pair = pairs[i];
    const std::string &a = at(names, pair.first), &b = at(names, pair.second);
    text += fmt::format("{}{}-{} {} ({} as {} {}, {} as {} {})", i == 0 ? "" : ", ", a, b,
                        pair.mistakes(), a, b, pair.first_as_second, b, a, pair.second_as_first);
  }
  text += '\n';
  bool digits = names.size() == 10;
  for (size_t c = 0; digits && c < 10; ++c) digits = names[c] == std::to_string(c);
  if (!digits) return text;
  text += "             well-known pairs: ";
  constexpr std::array<std::pair<int, int>, 3> kNamed = {{{4, 9}, {3, 8}, {1, 7}}};
  for (const auto& [a, b] : kNamed) {
    const int rank = confusion_rank(pairs, a, b);
    text += fmt::format("{}{}-{} {}", a == 4 ? "" : ", ", a, b,
                        rank == 0 ? std::string("never") : fmt::format("rank {}", rank));
  }
  text += '\n';
  return text;
}

}  // namespace

std::string evaluation_text(const Evaluation& evaluation,
                            std::span<const std::string> class_names) {
  const Metrics& metrics = evaluation.metrics;
  INKLING_CHECK(count_of(class_names) == metrics.classes);
  std::string text = "top-k        ";
  for (size_t k = 1; k < metrics.top_k.size(); ++k) {
    text += fmt::format("{}{} {:.2f} %", k == 1 ? "" : ", ", k + 1, 100 * metrics.top_k[k]);
  }
  text += '\n';
  return fmt::format("{}{}{}{}", metrics.top_k.size() > 1 ? text : "",
                     calibration_lines(evaluation), selective_line(evaluation.selective),
                     confused_lines(metrics, class_names));
}

}  // namespace inkling

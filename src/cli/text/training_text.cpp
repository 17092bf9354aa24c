#include "cli/text/training_text.h"

#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "base/number_text.h"
#include "eval/predictions.h"

namespace inkling {

std::string accuracy_line(std::string_view split, const Metrics& metrics, const Recipe& recipe,
                          std::optional<int> epoch) {
  return fmt::format("{} accuracy {} (95 % interval {:.2f} to {:.2f}), loss {:.4f}{}{}\n", split,
                     percent(metrics.accuracy), 100 * metrics.accuracy_ci95.low,
                     100 * metrics.accuracy_ci95.high, metrics.loss,
                     epoch ? fmt::format(", epoch {}", *epoch) : "",
                     recipe.tta ? fmt::format(", mean of {} views", kViews.size()) : "");
}

std::string accuracy_text(const nlohmann::ordered_json& split, size_t seeds) {
  const auto& accuracy = split["accuracy"];
  const auto range = [](const nlohmann::ordered_json& pair) {
    return fmt::format("{:.2f} to {:.2f}", 100 * pair[0].get<double>(),
                       100 * pair[1].get<double>());
  };
  std::string text = percent(accuracy["mean"].get<double>());
  if (seeds > 1) {
    text += fmt::format(" (sd {:.2f} over {} seeds; mean {} by Student's t; one run",
                        100 * accuracy["sd"].get<double>(), seeds, range(accuracy["mean_ci95"]));
  } else {
    text += " (one seed";
  }
  return text + fmt::format(" {} by Wilson, n {})", range(accuracy["run_ci95"]),
                            grouped(split["n"].get<size_t>()));
}

std::string seeds_text(const nlohmann::ordered_json& study, size_t seeds) {
  std::string text;
  for (const char* split : {"validation", "test"}) {
    if (study[split].is_null()) continue;
    for (const auto& run : study["runs"]) {
      text += fmt::format(
          "seed {:<6} {} accuracy {} ({:.2f} to {:.2f}), loss {:.4f}\n",
          run["seed"].get<uint64_t>(), split, percent(run[split]["accuracy"].get<double>()),
          100 * run[split]["accuracy_ci95"][0].get<double>(),
          100 * run[split]["accuracy_ci95"][1].get<double>(), run[split]["loss"].get<double>());
    }
    text += fmt::format("{} accuracy {}\n", split, accuracy_text(study[split], seeds));
  }
  return text;
}

}  // namespace inkling

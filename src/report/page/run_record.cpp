#include "report/page/run_record.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <sstream>
#include <utility>

#include "base/error.h"
#include "sys/file.h"
#include "train/run/epoch_json.h"
#include "train/run/json_file.h"

namespace inkling {
namespace {

std::vector<EpochRecord> read_history(const std::filesystem::path& path) {
  std::vector<EpochRecord> history;
  std::istringstream lines(read_text_file(path));
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    const std::string source = fmt::format("{}:{}", path.string(), number);
    history.push_back(epoch_of_json(nlohmann::json::parse(line, nullptr, false), source));
  }
  return history;
}

}  // namespace

int RunRecord::best_epoch() const {
  const auto found = metrics.find("best_epoch");
  return found != metrics.end() && found->is_number_integer() ? found->get<int>() : 0;
}

RunRecord read_run(const std::filesystem::path& folder, std::vector<std::string> members) {
  RunRecord run{.folder = folder,
                .members = std::move(members),
                .recipe = "",
                .history = {},
                .metrics = nullptr,
                .test_metrics = nullptr};
  if (run.members.empty()) {
    if (!std::filesystem::exists(folder / "recipe.toml")) {
      throw input_error("{}: expected a training's run folder, found no recipe.toml in it",
                        folder.string());
    }
    run.recipe = read_text_file(folder / "recipe.toml");
    run.history = read_history(folder / "history.jsonl");
    run.metrics = read_json_object(folder / "metrics.json");
  }
  if (std::filesystem::exists(folder / "metrics-test.json")) {
    run.test_metrics = read_json_object(folder / "metrics-test.json");
  }
  return run;
}

std::optional<int> over_fitting_since(const std::vector<EpochRecord>& history) {
  constexpr double kClearRise = 1.05;  // of the validation loss, which wavers from epoch to epoch
  constexpr size_t kAfter = 2;         // epochs that must have followed
  const auto best = std::min_element(
      history.begin(), history.end(),
      [](const EpochRecord& a, const EpochRecord& b) { return a.val_loss < b.val_loss; });
  if (static_cast<size_t>(history.end() - best) <= kAfter || std::isnan(best->val_loss)) return {};
  const bool rose = std::all_of(best + 1, history.end(), [&](const EpochRecord& later) {
    return later.val_loss > best->val_loss && later.train_loss < best->train_loss;
  });
  if (!rose || history.back().val_loss < kClearRise * best->val_loss) return {};
  return best->epoch;
}

}  // namespace inkling

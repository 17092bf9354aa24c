#include "report/page/run_record.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/error.h"
#include "sys/file.h"
#include "train/recipe/recipe_file.h"
#include "train/run/history_file.h"
#include "train/run/run_files.h"

namespace inkling {

int RunRecord::best_epoch() const {
  return metrics && metrics->training ? metrics->training->best_epoch : 0;
}

RunRecord read_run(const std::filesystem::path& folder, std::vector<std::string> members) {
  const RunFiles files{folder};
  RunRecord run{.folder = folder, .members = std::move(members)};
  if (run.members.empty()) {
    if (!std::filesystem::exists(files.recipe())) {
      throw input_error("{}: expected a training's run folder, found no {} in it", folder.string(),
                        files.recipe().filename().string());
    }
    run.recipe = read_run_recipe(files.recipe());
    run.recipe_text = read_text_file(files.recipe());
    run.history = read_history(files.history());
    run.metrics = read_metrics(files.metrics());
  }
  if (std::filesystem::exists(files.test_metrics())) {
    run.test_metrics = read_metrics(files.test_metrics());
  }
  return run;
}

std::optional<int> over_fitting_since(const std::vector<EpochRecord>& history) {
  constexpr double kClearRise = 1.05;  // of the validation loss, which varies from epoch to epoch
  constexpr int kAfter = 2;            // epochs that must have followed
  const auto best = std::min_element(
      history.begin(), history.end(),
      [](const EpochRecord& a, const EpochRecord& b) { return a.val_loss < b.val_loss; });
  if (history.end() - best <= kAfter || std::isnan(best->val_loss)) return {};
  const bool rose = std::all_of(best + 1, history.end(), [&](const EpochRecord& later) {
    return later.val_loss > best->val_loss && later.train_loss < best->train_loss;
  });
  if (!rose || history.back().val_loss < kClearRise * best->val_loss) return {};
  return best->epoch;
}

}  // namespace inkling

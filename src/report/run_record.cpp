#include "report/run_record.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <sstream>

#include "base/error.h"
#include "base/file.h"

namespace inkling {
namespace {

double number_or_nan(const nlohmann::json& value) {
  return value.is_null() ? std::numeric_limits<double>::quiet_NaN() : value.get<double>();
}

EpochRecord epoch_of(const nlohmann::json& line) {
  return {.epoch = line.at("epoch").get<int>(),
          .lr = line.at("lr").get<double>(),
          .train_loss = number_or_nan(line.at("train_loss")),
          .train_accuracy = number_or_nan(line.at("train_accuracy")),
          .val_loss = number_or_nan(line.at("val_loss")),
          .val_accuracy = number_or_nan(line.at("val_accuracy")),
          .seconds = line.at("seconds").get<double>(),
          .images_per_second = line.at("images_per_second").get<double>()};
}

std::vector<EpochRecord> read_history(const std::filesystem::path& path) {
  std::vector<EpochRecord> history;
  std::istringstream lines(read_text_file(path));
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    try {
      history.push_back(epoch_of(nlohmann::json::parse(line)));
    } catch (const nlohmann::json::exception& fault) {
      throw input_error("{}:{}: expected an epoch's record, found: {}", path.string(), number,
                        fault.what());
    }
  }
  return history;
}

}  // namespace

nlohmann::json read_json_file(const std::filesystem::path& path) {
  const std::string text = read_text_file(path);
  nlohmann::json document = nlohmann::json::parse(text, nullptr, false);
  if (!document.is_object()) {
    throw input_error("{}: expected a JSON object, found {}", path.string(),
                      document.is_discarded() ? "broken text" : document.type_name());
  }
  return document;
}

int RunRecord::best_epoch() const {
  const auto found = metrics.find("best_epoch");
  return found != metrics.end() && found->is_number_integer() ? found->get<int>() : 0;
}

RunRecord read_run(const std::filesystem::path& folder) {
  RunRecord run{.folder = folder,
                .recipe = read_text_file(folder / "recipe.toml"),
                .history = read_history(folder / "history.jsonl"),
                .metrics = read_json_file(folder / "metrics.json"),
                .test_metrics = nullptr};
  if (std::filesystem::exists(folder / "metrics-test.json")) {
    run.test_metrics = read_json_file(folder / "metrics-test.json");
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

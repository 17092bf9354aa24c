#include "train/study/seed_study.h"

#include <fmt/core.h>

#include <cmath>
#include <limits>

#include <nlohmann/json.hpp>

#include "base/check.h"
#include "base/error.h"
#include "base/index.h"
#include "base/numbers.h"
#include "stats/student_t.h"
#include "train/run/run_files.h"

namespace inkling {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kSeedPrefix = "seed-";

Json number_or_null(double value) { return std::isfinite(value) ? Json(value) : Json(); }
Json pair_or_null(const Interval& interval) {
  return std::isfinite(interval.low) ? Json::array({interval.low, interval.high}) : Json();
}

Json scores_json(const std::optional<SplitScores>& scores) {
  if (!scores) return {};
  return {{"n", scores->n},
          {"accuracy", scores->accuracy},
          {"accuracy_ci95", {scores->accuracy_ci95.low, scores->accuracy_ci95.high}},
          {"loss", scores->loss},
          {"macro_f1", scores->macro_f1}};
}

Json spread_json(const Spread& spread) {
  return {{"mean", spread.mean},
          {"sd", number_or_null(spread.sd)},
          {"mean_ci95", pair_or_null(spread.mean_ci95)}};
}

SeedStudy::Run run_of(const SeedRun& run, const std::filesystem::path& base) {
  const RunFiles files{run.folder};
  const MetricsRecord metrics = read_metrics(files.metrics());
  if (!metrics.training) {
    throw input_error("{}: best_epoch: expected a value, found none", files.metrics().string());
  }
  SeedStudy::Run row{.seed = run.seed,
                     .folder = run.folder.lexically_relative(base).string(),
                     .best_epoch = metrics.training->best_epoch,
                     .train_seconds = metrics.training->train_seconds,
                     .weights_sha256 = metrics.weights_sha256,
                     .validation = metrics.scores,
                     .test = {}};
  if (std::filesystem::exists(files.test_metrics())) {
    row.test = read_metrics(files.test_metrics()).scores;
  }
  return row;
}

using Split = std::optional<SplitScores> SeedStudy::Run::*;

std::optional<SplitStudy> summary(const std::vector<SeedStudy::Run>& runs, Split split) {
  std::vector<double> accuracy, loss, macro_f1;
  for (const SeedStudy::Run& run : runs) {
    const std::optional<SplitScores>& scores = run.*split;
    if (!scores) return std::nullopt;
    accuracy.push_back(scores->accuracy);
    loss.push_back(scores->loss);
    macro_f1.push_back(scores->macro_f1);
  }
  SplitStudy study{.n = (runs[0].*split)->n,
                   .accuracy = spread_of(accuracy),
                   .loss = spread_of(loss),
                   .macro_f1 = spread_of(macro_f1),
                   .run_ci95 = {}};
  study.run_ci95 =
      wilson_interval95(std::llround(study.accuracy.mean * static_cast<double>(study.n)), study.n);
  return study;
}

}  // namespace

Spread spread_of(std::span<const double> values) {
  INKLING_CHECK(!values.empty());
  Spread spread{.n = count_of(values)};
  for (const double v : values) spread.mean += v / spread.n;
  if (spread.n == 1) {
    const double none = std::numeric_limits<double>::quiet_NaN();
    spread.sd = none;
    spread.mean_ci95 = {none, none};
    return spread;
  }
  double squares = 0;
  for (const double v : values) squares += (v - spread.mean) * (v - spread.mean);
  spread.sd = std::sqrt(squares / (spread.n - 1));
  const double half = student_t95(spread.n - 1) * spread.sd / std::sqrt(spread.n);
  spread.mean_ci95 = {spread.mean - half, spread.mean + half};
  return spread;
}

double SeedStudy::mean_seconds() const {
  double sum = 0;
  for (const Run& run : runs) sum += run.train_seconds;
  return sum / count_of(runs);
}

SeedStudy seed_study(std::span<const SeedRun> runs, const std::filesystem::path& base) {
  SeedStudy study;
  for (const SeedRun& run : runs) study.runs.push_back(run_of(run, base));
  study.validation = summary(study.runs, &SeedStudy::Run::validation);
  study.test = summary(study.runs, &SeedStudy::Run::test);
  return study;
}

Json split_study_json(const std::optional<SplitStudy>& split) {
  if (!split) return {};
  Json accuracy = spread_json(split->accuracy);
  accuracy["run_ci95"] = pair_or_null(split->run_ci95);
  return {{"n", split->n},
          {"accuracy", accuracy},
          {"loss", spread_json(split->loss)},
          {"macro_f1", spread_json(split->macro_f1)}};
}

Json seed_study_json(const SeedStudy& study) {
  Json rows = Json::array();
  for (const SeedStudy::Run& run : study.runs) {
    rows.push_back({{"seed", run.seed},
                    {"folder", run.folder},
                    {"best_epoch", run.best_epoch},
                    {"train_seconds", run.train_seconds},
                    {"weights_sha256", run.weights_sha256},
                    {"validation", scores_json(run.validation)},
                    {"test", scores_json(run.test)}});
  }
  return {{"seeds", study.runs.size()},
          {"runs", rows},
          {"validation", split_study_json(study.validation)},
          {"test", split_study_json(study.test)}};
}

std::string seed_folder(uint64_t seed) { return fmt::format("{}{}", kSeedPrefix, seed); }

std::optional<uint64_t> seed_of_folder(std::string_view name) {
  if (!name.starts_with(kSeedPrefix)) return std::nullopt;
  const auto seed = parse_integer(name.substr(kSeedPrefix.size()));
  if (!seed || *seed < 0) return std::nullopt;
  return narrow<uint64_t>(*seed);
}

}  // namespace inkling

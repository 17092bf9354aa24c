#include "train/study/seed_study.h"

#include <array>
#include <cmath>
#include <limits>

#include "base/check.h"
#include "stats/student_t.h"
#include "train/run/json_file.h"

namespace inkling {
namespace {

using Json = nlohmann::ordered_json;

Json number_or_null(double value) { return std::isfinite(value) ? Json(value) : Json(); }
Json pair_or_null(const Interval& interval) {
  return std::isfinite(interval.low) ? Json::array({interval.low, interval.high}) : Json();
}

// What of a metrics file is compared across seeds; null where there was nothing to judge on.
Json figures_of(const nlohmann::json& metrics) {
  const auto n = metrics.at("n").get<int64_t>();
  if (n == 0) return {};
  return {{"n", n},
          {"accuracy", metrics.at("accuracy").get<double>()},
          {"accuracy_ci95", metrics.at("accuracy_ci95").get<std::array<double, 2>>()},
          {"loss", metrics.at("loss").get<double>()},
          {"macro_f1", metrics.at("macro").at("f1").get<double>()}};
}

// The figures of a metrics file.
Json figures_in(const std::filesystem::path& file) {
  const nlohmann::json metrics = read_json_object(file);
  return from_document(file.string(), [&] { return figures_of(metrics); });
}

// A run's row, but for its test figures.
Json row_of(const SeedRun& run, const std::filesystem::path& base) {
  const std::filesystem::path file = run.folder / "metrics.json";
  const nlohmann::json metrics = read_json_object(file);
  return from_document(file.string(), [&]() -> Json {
    return {{"seed", run.seed},
            {"folder", run.folder.lexically_relative(base).string()},
            {"best_epoch", metrics.at("best_epoch").get<int>()},
            {"train_seconds", metrics.at("train_seconds").get<double>()},
            {"weights_sha256", metrics.at("weights_sha256").get<std::string>()},
            {"validation", figures_of(metrics)}};
  });
}

Json summary(const Json& runs, const char* split) {
  Json out;
  const Json& first = runs[0][split];
  for (const Json& run : runs) {
    if (run[split].is_null()) return {};
  }
  const int64_t n = first["n"];
  out["n"] = n;
  for (const char* key : {"accuracy", "loss", "macro_f1"}) {
    std::vector<double> values;
    for (const Json& run : runs) values.push_back(run[split][key]);
    const Spread spread = spread_of(values);
    out[key] = {{"mean", spread.mean},
                {"sd", number_or_null(spread.sd)},
                {"mean_ci95", pair_or_null(spread.mean_ci95)}};
  }
  const double mean = out["accuracy"]["mean"];
  out["accuracy"]["run_ci95"] =
      pair_or_null(wilson_interval95(std::llround(mean * static_cast<double>(n)), n));
  return out;
}

}  // namespace

Spread spread_of(std::span<const double> values) {
  INKLING_CHECK(!values.empty());
  Spread spread{.n = static_cast<int>(values.size())};
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

Json seed_study(std::span<const SeedRun> runs, const std::filesystem::path& base) {
  Json rows = Json::array();
  for (const SeedRun& run : runs) {
    Json row = row_of(run, base);
    const std::filesystem::path test = run.folder / "metrics-test.json";
    row["test"] = std::filesystem::exists(test) ? figures_in(test) : Json();
    rows.push_back(row);
  }
  return {{"seeds", runs.size()},
          {"runs", rows},
          {"validation", summary(rows, "validation")},
          {"test", summary(rows, "test")}};
}

}  // namespace inkling

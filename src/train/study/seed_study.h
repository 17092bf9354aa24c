// Runs of one recipe that differ only in the seed, taken together. Two spreads are kept apart: how
// much the result varies from seed to seed (deviation; Student's interval of the mean), and how
// much one run's result would vary with other images (Wilson).
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "stats/wilson.h"
#include "train/run/metrics_file.h"

namespace inkling {

struct Spread {
  int n = 0;
  double mean = 0;
  double sd = 0;       // of the values, n - 1 below; NaN for one
  Interval mean_ci95;  // Student's t; NaN for one
};

// At least one value.
Spread spread_of(std::span<const double> values);

struct SeedRun {
  uint64_t seed = 0;
  std::filesystem::path folder;  // a finished run
};

// A split's scores over the seeds.
struct SplitStudy {
  int64_t n = 0;  // images
  Spread accuracy, loss, macro_f1;
  Interval run_ci95;  // Wilson's, of a run of the mean accuracy
};

struct SeedStudy {
  struct Run {
    uint64_t seed = 0;
    std::string folder;
    int best_epoch = 0;
    double train_seconds = 0;
    std::string weights_sha256;
    std::optional<SplitScores> validation, test;
  };
  std::vector<Run> runs;
  std::optional<SplitStudy> validation, test;  // if every run has them

  double mean_seconds() const;  // of training
};

// Reads the runs' metrics.json and, if there is one, metrics-test.json. Folders are relative to
// `base`. At least one run. Throws Error naming the file that is not a metrics file.
SeedStudy seed_study(std::span<const SeedRun> runs, const std::filesystem::path& base);

// seeds.json:
//
//   {"seeds": 2,
//    "runs": [{"seed", "folder", "best_epoch", "train_seconds", "weights_sha256",
//              "validation": {"n", "accuracy", "accuracy_ci95" (Wilson), "loss", "macro_f1"},
//              "test": the same or null}],
//    "validation": {"n", "accuracy": {"mean", "sd", "mean_ci95" (Student), "run_ci95" (Wilson)},
//                   "loss": {"mean", "sd", "mean_ci95"}, "macro_f1": the same},
//    "test": the same}
//
// "validation" and "test" are null unless every run has them.
nlohmann::ordered_json seed_study_json(const SeedStudy& study);
nlohmann::ordered_json split_study_json(const std::optional<SplitStudy>& split);

// What `train --seeds` leaves in its folder: seeds.json and a run folder "seed-K" for each seed.
inline constexpr const char* kSeedsFile = "seeds.json";
std::string seed_folder(uint64_t seed);
// The seed in a folder's name; nothing for any other name.
std::optional<uint64_t> seed_of_folder(std::string_view name);

}  // namespace inkling

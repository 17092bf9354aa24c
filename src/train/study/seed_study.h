// What runs of one recipe, alike but for the seed, say together. Two spreads are told apart: how
// much the result moves from seed to seed (deviation; Student's interval of the mean), and how much
// one run's figure would move with other images (Wilson).
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "stats/wilson.h"

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

// Reads the runs' metrics.json and, where there is one, metrics-test.json:
//
//   {"seeds": 2,
//    "runs": [{"seed", "folder", "best_epoch", "train_seconds", "weights_sha256",
//              "validation": {"n", "accuracy", "accuracy_ci95" (Wilson), "loss", "macro_f1"},
//              "test": the same or null}],
//    "validation": {"n", "accuracy": {"mean", "sd", "mean_ci95" (Student), "run_ci95" (Wilson)},
//                   "loss": {"mean", "sd", "mean_ci95"}, "macro_f1": the same},
//    "test": the same}
//
// "validation" and "test" are null unless every run has them. Folders are written relative to
// `base`. Throws Error naming the file that is no metrics file.
nlohmann::ordered_json seed_study(std::span<const SeedRun> runs, const std::filesystem::path& base);

}  // namespace inkling

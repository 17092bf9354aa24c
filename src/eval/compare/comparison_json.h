// comparison.json: what `inkling compare` writes, and what a report reads back of it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "eval/compare/comparison.h"
#include "eval/metrics/set_aside.h"

namespace inkling {

inline constexpr const char* kComparisonFile = "comparison.json";

// {dataset, split, n, set_aside (as set_aside_json, where images were), runs:
// [{run, model, tta (of several views, their number), parameters, flops, train_seconds (or null),
// latency_us, images_per_second and the keys of metrics_json}], pairs: [{first, second,
// only_first_right, only_second_right, p, p_holm, differing: [{index, label, answers: [a, b]}]}]}
nlohmann::json comparison_json(const Comparison& comparison,
                               std::span<const std::string> class_names);

// What a report says of it.
struct ComparisonRecord {
  struct Run {
    std::string name;  // as the user called it: "runs/a"
    int64_t n = 0;     // images
    double accuracy = 0;
    Interval accuracy_ci95;
    size_t parameters = 0;
    double flops = 0;
    std::optional<double> train_seconds;
    double latency_us = 0;
    bool operator==(const Run&) const = default;
  };
  struct Pair {
    std::string first, second;  // names of runs
    int64_t only_first_right = 0, only_second_right = 0;
    double p_holm = 1;
    bool operator==(const Pair&) const = default;
  };

  std::string dataset, split;
  int64_t n = 0;  // images
  std::optional<SetAside> aside;
  std::vector<Run> runs;
  std::vector<Pair> pairs;
  bool operator==(const ComparisonRecord&) const = default;
};

// Throws Error (input) naming the file and, where it is not as comparison_json makes it, the key.
ComparisonRecord read_comparison(const std::filesystem::path& path);

}  // namespace inkling

// Everything `inkling inspect` found out about a dataset, and what to do about it. Not how it is
// measured (data/quality/quality.h, drift.h, duplicates.h, outliers.h; confident_learning.h) nor
// drawn (report/figures/data_figures.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "data/quality/drift.h"
#include "data/quality/duplicates.h"
#include "data/quality/outliers.h"
#include "data/quality/quality.h"
#include "eval/data_report/confident_learning.h"

namespace inkling {

enum class Severity {
  kInfo,     // worth knowing; nothing need be done
  kWarning,  // costs accuracy, or makes a figure of it doubtful
  kError,    // makes results wrong
};

struct Finding {
  Severity severity = Severity::kInfo;
  std::string what;    // with its numbers
  std::string advice;  // what to do
  bool operator==(const Finding&) const = default;
};

struct SplitInspection {
  SplitQuality quality;
  std::vector<Outlier> outliers;
  std::optional<ConfidentLearning> suspects;  // not looked for with --no-suspects
};

// In twins, set 0 is the training split and set 1 the test split.
struct Inspection {
  std::string dataset;
  int height = 0, width = 0, channels = 1;
  std::vector<std::string> class_names;  // [classes]
  SplitInspection train, test;
  ChiSquareTest balance;                     // of the training split
  Drift train_to_test, train_to_validation;  // validation: as `train` cuts it by default
  std::vector<TwinImages> duplicates;        // exact; blank images stand aside
  std::vector<std::string> conflicts;        // copies whose labels differ, in words
  std::vector<TwinImages> near_duplicates;
  double seconds = 0;
};

// Copies within a split and between the two.
struct TwinCounts {
  int in_train = 0, in_test = 0, across = 0;
};
TwinCounts count_twins(const std::vector<TwinImages>& twins);

// Most severe first, in a fixed order otherwise; every finding has advice.
std::vector<Finding> find_faults(const Inspection& inspection);
std::string_view severity_name(Severity severity);  // "info", "warning", "error"

}  // namespace inkling

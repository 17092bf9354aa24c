// Metrics for programs: the keys of metrics.json that follow from Metrics alone. The caller adds
// dataset, split, parameters and the rest.
#pragma once

#include <span>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "base/json.h"
#include "eval/metrics/metrics.h"

namespace inkling {

inline constexpr size_t kMostConfused = 10;  // pairs listed

nlohmann::json interval_json(const Interval& interval);  // [low, high]
Interval interval_of_json(const JsonValue& json);

// {n, accuracy, accuracy_ci95: [low, high], loss, macro: {precision, recall, f1}, weighted: alike,
//  top_k: {"1": fraction, "2": ...}, per_class: [{label, precision, recall, f1, support}],
//  confusion: [[…]], most_confused: [{labels: [a, b], mistakes, first_as_second, second_as_first}],
//  ece}
nlohmann::json metrics_json(const Metrics& metrics, std::span<const std::string> class_names);

}  // namespace inkling
